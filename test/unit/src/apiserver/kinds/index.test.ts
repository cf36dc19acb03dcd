import t from 'tap'
import { activityKinds } from '#src/api/kinds.ts'
import { AgentApproval, AgentDispatchRun, Issue } from '#src/api/activity/v1alpha1.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { hooksOf } from '#src/apiserver/kinds/index.ts'

const created = (kind: typeof Issue | typeof AgentDispatchRun) =>
  hooksOf(kind)!.prepareForCreate!(
    { apiVersion: 'v1', kind: kind.kind, metadata: { name: 'one' }, spec: {} },
    {},
    '2026-11-21T12:00:00Z',
  )['status']

t.test('every kind of ours says where it is stored, and some how they begin', async t => {
  for (const kind of activityKinds)
    t.match(hooksOf(kind), { prepareForCreate: Function }, kind.kind)
  t.strictSame(created(Issue), { storage: 'postgres' })
  t.strictSame(created(AgentDispatchRun), { phase: 'Pending', storage: 'postgres' })
  t.match(hooksOf(AgentApproval), { claim: Function })
  t.equal(hooksOf(Team), undefined, 'and no other kind needs anything')
})
