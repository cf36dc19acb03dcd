import t from 'tap'
import type { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { isApproved, lacksOf, notItsMerge } from '#src/permissions/ref-update/merge-gate.ts'
import { NEW, OLD, protection, pullRequest, update } from '#test/fixtures-refs.ts'

const check = (change: object = {}) => ({
  name: 'build',
  state: 'completed',
  conclusion: 'success',
  commit: NEW,
  ...change,
})

t.test('what a pull request lacks', async t => {
  const asking = protection({ requiredReviews: 2, statusChecks: ['build'] })
  const head = { commit: NEW }
  const whole = { approvals: 2, head, checks: [check()] }
  const cases: [status: object, values: unknown[]][] = [
    [whole, []],
    [{}, [0, 'build']],
    [{ ...whole, approvals: 1 }, [1]],
    [{ ...whole, changeRequests: 1 }, [1]],
    [{ ...whole, checks: [check({ conclusion: 'failure' })] }, ['build']],
    [{ ...whole, checks: [check({ conclusion: 'skipped' })] }, []],
    [{ ...whole, checks: [check({ state: 'queued' })] }, ['build']],
    [{ ...whole, checks: [check({ commit: OLD })] }, ['build']],
    [{ ...whole, checks: [check({ name: 'other' }), 'x'] }, ['build']],
  ]
  for (const [status, values] of cases)
    t.strictSame(
      lacksOf(asking, { ...status }).map(({ value }) => value),
      values,
      JSON.stringify(status),
    )
  t.strictSame(lacksOf(protection({ requiredReviews: 0 }), { changeRequests: 3 }), [])
})

t.test('approved is what somebody approves of and nobody wants changed', async t => {
  t.equal(isApproved(pullRequest()), true)
  t.equal(isApproved(pullRequest({}, { approvals: 0 })), false)
  t.equal(isApproved(pullRequest({}, { changeRequests: 1 })), false)
  const { status: _, ...fresh } = pullRequest()
  t.equal(isApproved(fresh), false)
})

t.test('what can be the merge of a pull request', async t => {
  const { merge: _, ...idle } = pullRequest().spec
  const merging = (commit: string) => ({
    merge: { method: 'merge' as const, deleteSource: false, commit },
  })
  const { status: __, ...unseen } = pullRequest(merging(NEW))
  const cases: [PullRequest | undefined, says: string | undefined][] = [
    [pullRequest(), undefined],
    [pullRequest(merging(NEW)), undefined],
    [pullRequest({ target: { ref: 'refs/heads/main' } }), undefined],
    [undefined, 'does not exist'],
    [pullRequest({ repository: 'lib' }), 'is of repository "lib"'],
    [pullRequest({ target: { ref: 'next' } }), 'goes into refs/heads/next'],
    [pullRequest({ state: 'closed' }), 'is closed'],
    [pullRequest({}, { phase: 'Closed' }), 'is closed'],
    [pullRequest({}, { phase: 'Merged' }), 'is merged already'],
    [{ ...pullRequest(), spec: idle }, 'is not to be merged yet; set spec.merge'],
    [pullRequest(merging(OLD)), `is to be merged as ${OLD}, which is not its head`],
    [unseen, `is to be merged as ${NEW}, which is not its head`],
  ]
  for (const [request, says] of cases) t.equal(notItsMerge(request, 'app', update()), says)
})
