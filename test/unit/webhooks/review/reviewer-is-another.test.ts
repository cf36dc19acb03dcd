import t from 'tap'
import { PullRequest, Review } from '#src/api/activity/v1alpha1.ts'
import { IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import { cluster, objectOf } from '#test/fixtures.ts'
import { example, namespace, write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/review/reviewer-is-another.ts'

const approval = (author: string, change = {}) =>
  write('CREATE', Review, { 'spec.decision': 'approval', 'spec.author': author, ...change })
const opened = (author?: string) => example(PullRequest, { 'spec.author': author })
const mapping = (subject: string) =>
  objectOf(IdentityMapping, {
    metadata: { name: subject, namespace },
    spec: { organizationRef: 'acme', user: 'jane', provider: 'kubernetes', subject },
  })

t.test('takes approvals of others, and what is none', async t => {
  t.strictSame(rule.decide(approval('joe'), cluster(opened('jane'))), [])
  t.strictSame(
    rule.decide(write('CREATE', Review, { 'spec.author': 'jane' }), cluster(opened('jane'))),
    [],
  )
  t.strictSame(rule.decide(approval('joe'), cluster(opened())), [])
  t.strictSame(rule.decide(approval('joe'), cluster()), [])
  t.match(rule.lookups(approval('joe')), [{ kind: PullRequest, name: 'app-42', fresh: 'live' }])
})

t.test("refuses one's own, under another account too", async t => {
  t.match(rule.decide(approval('jane'), cluster(opened('jane'))), [
    { rule: 'R76', field: 'spec.decision', problem: /"app-42" is its author's own/ },
  ])
  const both = cluster(opened('jane'), mapping('jane'), mapping('jane@acme'))
  t.match(rule.decide(approval('jane@acme'), both), [{ rule: 'R76' }])
})

t.test('leaves one of no pull request to the schema', async t => {
  const none = approval('joe', { 'spec.pullRequest': undefined })
  t.strictSame(rule.lookups(none), [])
  t.strictSame(rule.decide(none, cluster()), [])
})
