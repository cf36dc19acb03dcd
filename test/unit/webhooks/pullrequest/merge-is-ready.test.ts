import t from 'tap'
import { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { BranchProtection } from '#src/api/control-plane/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { example, write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/pullrequest/merge-is-ready.ts'

const head = 'a'.repeat(40)
const passed = { state: 'completed', conclusion: 'success', commit: head }
const ready = {
  head: { commit: head },
  approvals: 2,
  checks: [
    { name: 'build', ...passed },
    { name: 'test', ...passed, conclusion: 'skipped' },
  ],
}
const protection = (change: Record<string, unknown> = {}) => example(BranchProtection, change)
const judged = (
  status: unknown,
  { merge = {}, protections = [protection()], target = 'main' } = {},
) =>
  rule.decide(
    write(
      'UPDATE',
      PullRequest,
      { 'spec.merge': merge, 'spec.target.ref': target },
      { before: { status } },
    ),
    cluster(...protections),
  )

t.test('merges what is approved and checked', async t => {
  t.strictSame(judged(ready), [])
  t.strictSame(judged(ready, { merge: { commit: head } }), [])
})

t.test('says all that is missing', async t => {
  t.match(judged({ head: { commit: head }, approvals: 1, changeRequests: 1 }), [
    { rule: 'R76', field: 'spec.merge', value: 1, problem: /of 2 approvals are there.*"app-main"/ },
    { value: 1, problem: /people want changes/ },
    { value: 'build', problem: /has not passed/ },
    { value: 'test' },
  ])
  t.equal(judged(undefined).length, 3)
})

t.test('a check counts that is over, passed, and is of the head', async t => {
  for (const wrong of [
    { state: 'queued' },
    { conclusion: 'failure' },
    { commit: 'b'.repeat(40) },
    { name: 'other' },
  ]) {
    const checks = [{ ...ready.checks[0], ...wrong }, ready.checks[1], 'odd']
    t.match(judged({ ...ready, checks }), [{ value: 'build' }], JSON.stringify(wrong))
  }
})

t.test('asks those protections that are for the ref', async t => {
  for (const [change, target] of [
    [{ 'spec.refs': ['refs/heads/*'] }, 'main'],
    [{ 'spec.repository': undefined }, 'refs/heads/main'],
    [{}, 'release/1'],
  ] as const)
    t.not(judged({}, { protections: [protection(change)], target }).length, 0)
  for (const [change, target] of [
    [{ 'spec.repository': 'lib' }, 'main'],
    [{}, 'other'],
    [{}, 'refs/tags/main'],
  ] as const)
    t.strictSame(judged({}, { protections: [protection(change)], target }), [])
})

t.test('no reviews are asked for: nobody holds it up by wanting changes', async t => {
  const protections = [protection({ 'spec.requiredReviews': 0, 'spec.statusChecks': undefined })]
  t.strictSame(judged({ changeRequests: 1 }, { protections }), [])
})

t.test('another head is not the one that was looked at', async t => {
  const merge = { commit: 'b'.repeat(40) }
  t.match(judged(ready, { merge }), [
    { rule: 'R79', field: 'spec.merge.commit', problem: /not the head any more, which is "aaa/ },
  ])
  t.match(judged({}, { merge, protections: [] }), [{ rule: 'R79', problem: /not known/ }])
})

t.test('has nothing to say where nothing is merged by this write', async t => {
  const protections = cluster(protection())
  t.strictSame(rule.decide(write('CREATE', PullRequest), protections), [])
  t.equal(rule.decide(write('CREATE', PullRequest, { 'spec.merge': {} }), protections).length, 3)
  const again = write('UPDATE', PullRequest, { 'spec.merge': {} }, { before: { 'spec.merge': {} } })
  t.strictSame(rule.decide(again, protections), [])
})

t.test('what was to be merged elsewhere is not merged here without being ready', async t => {
  const retargeted = (target: string) =>
    rule.decide(
      write(
        'UPDATE',
        PullRequest,
        { 'spec.merge': {}, 'spec.target.ref': target },
        { before: { 'spec.merge': {}, 'spec.target.ref': 'sandbox' } },
      ),
      cluster(protection()),
    )
  t.equal(retargeted('main').length, 3)
  t.strictSame(retargeted('playground'), [])
})
