import { kradle, lent, ofKradle } from '../runner/objects.ts'
import type { Stage } from '../runner/stage.ts'
import type { Area } from '../scenario.ts'
import { approvals } from './approvals.ts'
import { imports } from './imports.ts'
import { readiness } from './readiness.ts'
import { runs } from './runs.ts'

const apiGroups = ['activity.kradle.a5c.ai']

/** Controllers that are still to come: the admin acts as them, with the rights that they will have. */
const standIns = (on: Stage) =>
  lent(
    'stand-ins',
    ['dispatch-controller', 'memory-controller'].map(ofKradle).concat(on.person('asker')),
    {
      apiGroups,
      resources: ['agentdispatchruns', 'agentrunmemoryimports', 'agentapprovals'],
      verbs: ['get', 'create', 'patch'],
    },
    {
      apiGroups,
      resources: ['agentdispatchruns/status', 'agentrunmemoryimports/status'],
      verbs: ['get', 'patch'],
    },
    { apiGroups, resources: ['agentapprovals'], verbs: ['approve'] },
  )

export const agents: Area = {
  name: 'agents',
  organizations: 1,
  people: { ada: 'admin', mia: 'member' },
  prepare: async on => {
    const worker = [
      kradle('AgentServiceAccount', 'worker', {
        namespace: on.namespace,
        serviceAccountName: 'worker',
      }),
      kradle('AgentStack', 'worker', {
        baseAgent: 'claude-code',
        adapter: 'agent-mux.claude-code',
        runtimeIdentity: { serviceAccountRef: 'worker' },
      }),
    ]
    await on.does(['create', '-f', '-'], { input: standIns(on) })
    await on.comes(['apply', '-f', '-'], { input: worker })
    await on.does(['wait', '--for=condition=Ready', 'agentstack/worker', '--timeout=30s'])
  },
  scenarios: [readiness, runs, approvals, imports],
}
