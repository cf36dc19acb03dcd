import t from 'tap'
import { Job, Pipeline } from '#src/api/activity/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { example, write } from '#test/fixtures-activity.ts'
import mutation from '#webhooks/job/trust-is-filled-in.ts'

const bare = (change = {}) => write('CREATE', Job, { 'spec.trustTier': undefined, ...change })

t.test('follows from the pipeline', async t => {
  const pipeline = cluster(example(Pipeline, { 'spec.trustTier': 'untrusted' }))
  t.match(mutation.apply(bare(), pipeline).spec, { trustTier: 'untrusted' })
  t.match(mutation.lookups!(bare()), [{ kind: Pipeline, name: 'app-42-1', fresh: 'live' }])
})

t.test('stays as it is where it is given, or where nobody knows', async t => {
  const given = write('CREATE', Job)
  t.strictSame(mutation.lookups!(given), [])
  t.equal(mutation.apply(given, cluster()), given.object)
  const lost = bare()
  t.equal(mutation.apply(lost, cluster()), lost.object)
  const none = bare({ 'spec.pipeline': undefined })
  t.strictSame(mutation.lookups!(none), [])
  t.equal(mutation.apply(none, cluster()), none.object)
})
