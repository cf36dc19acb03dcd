import t from 'tap'
import { PullRequest, Review } from '#src/api/activity/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { example, write } from '#test/fixtures-activity.ts'
import mutation from '#webhooks/review/commit-is-filled-in.ts'

const head = 'a'.repeat(40)
const bare = (change = {}) => write('CREATE', Review, { 'spec.commit': undefined, ...change })
const pullRequest = (status: unknown) => cluster(example(PullRequest, { status }))

t.test('is of the head as it is now', async t => {
  t.match(mutation.apply(bare(), pullRequest({ head: { commit: head } })).spec, { commit: head })
  t.match(mutation.lookups!(bare()), [{ kind: PullRequest, name: 'app-42', fresh: 'live' }])
})

t.test('stays without where none is known', async t => {
  for (const world of [cluster(), pullRequest(undefined), pullRequest({})])
    t.equal('commit' in mutation.apply(bare(), world).spec!, false)
  const none = bare({ 'spec.pullRequest': undefined })
  t.strictSame(mutation.lookups!(none), [])
  t.equal(mutation.apply(none, cluster()), none.object)
})

t.test('keeps the one that is given', async t => {
  const given = write('CREATE', Review)
  t.strictSame(mutation.lookups!(given), [])
  t.equal(mutation.apply(given, cluster()), given.object)
})
