import t from 'tap'
import { AgentDispatchRun } from '#src/api/activity/v1alpha1.ts'
import { KradleWorkspace } from '#src/api/workspaces/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/agentdispatchrun/workspace-is-its-own.ts'

const namespace = 'kradle-org-acme'
const own = { repository: 'app', ref: 'refs/heads/main', trustTier: 'trusted' }
const create = (spec: object) =>
  request(
    'CREATE',
    AgentDispatchRun,
    objectOf(AgentDispatchRun, { metadata: { name: 'run', namespace }, spec } as never),
  )
const workspace = (spec: object = own) =>
  objectOf(KradleWorkspace, { metadata: { name: 'app-main', namespace }, spec } as never)
const decide = (spec: object, ...objects: ReturnType<typeof workspace>[]) =>
  rule.decide(create({ ...spec, workspaceRef: 'app-main' }), cluster(...objects))

t.match(rule.lookups?.(create({ workspaceRef: 'app-main' })), [
  { kind: KradleWorkspace, name: 'app-main', namespace },
])
t.strictSame(rule.lookups?.(create({})), [])
t.strictSame(decide(own, workspace()), [])
t.strictSame(decide(own), [], 'it may come yet')
t.match(decide({ ...own, trustTier: 'untrusted' }, workspace()), [
  {
    rule: 'R151',
    field: 'spec.workspaceRef',
    problem: 'is for trustTier "trusted", and the run has "untrusted"',
  },
])
const { trustTier: __, ...unsaid } = own
t.match(
  decide(unsaid, workspace()),
  [{ rule: 'R151', problem: /the run has "untrusted"$/ }],
  'a run that does not say is untrusted',
)
t.strictSame(decide(unsaid, workspace({ ...own, trustTier: 'untrusted' })), [])
t.match(decide({ ...own, repository: 'web' }, workspace()), [{ rule: 'R150' }])
const { ref: _, ...anyRef } = own
t.match(decide(own, workspace(anyRef)), [{ rule: 'R150', problem: /is for ref ""/ }])
t.match(decide(anyRef, workspace()), [{ rule: 'R150', problem: /the run has ""$/ }])
