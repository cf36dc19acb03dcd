import { AgentDispatchRun } from '#src/api/activity/v1alpha1.ts'
import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import type { Condition } from '#src/api/object.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * A stack that says it is not Ready starts nothing.
 *
 * One that says nothing yet has just been made; what it lacks is found when the run is to be queued.
 */
export default rule({
  kinds: [AgentDispatchRun],
  operations: ['CREATE'],
  enforces: ['R101', 'R122'],
  watches: [AgentStack],
  lookups: ({ object, namespace }) => {
    const name = textOf(object.spec['agentStack'])
    return name === '' ? [] : [{ kind: AgentStack, name, namespace, fresh: 'on-miss' }]
  },
  decide({ object, namespace }, cluster) {
    const name = textOf(object.spec['agentStack'])
    const stack = cluster.get(AgentStack, name, namespace)
    const isReady = ({ type, status }: Condition) => type === 'Ready' && status === 'False'
    const ready = stack?.status?.conditions?.find(isReady)
    if (!ready) return allow
    return deny({
      rule: 'R122',
      field: 'spec.agentStack',
      value: name,
      problem: `is not Ready (${ready.reason}: ${ready.message})`,
      fix: 'mend the stack first, or name another one',
    })
  },
})
