import { AgentDispatchRun } from '#src/api/activity/v1alpha1.ts'
import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { RunnerPool } from '#src/api/runners-ci/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { allow, deny, rule, type Request } from '#webhooks/rule.ts'

/**
 * Untrusted runs go to pools that say untrusted alone, and those take nothing else. A run that does not say is untrusted.
 */
export default rule({
  kinds: [AgentDispatchRun],
  operations: ['CREATE'],
  enforces: ['R222'],
  background: 'while-open',
  watches: [AgentStack, RunnerPool],
  lookups: ({ object: { spec }, namespace }) => {
    const pool = textOf(spec['runnerPool'])
    const stack = textOf(spec['agentStack'])
    return [
      ...(pool ? [{ kind: RunnerPool, name: pool, namespace, fresh: 'on-miss' as const }] : []),
      ...(stack ? [{ kind: AgentStack, name: stack, namespace, fresh: 'on-miss' as const }] : []),
    ]
  },
  decide(request, cluster) {
    const { name, isOfTheStack } = poolOf(request, cluster)
    const pool = cluster.get(RunnerPool, name, request.namespace)
    // As the schema fills it in.
    const trust = textOf(request.object.spec['trustTier']) || 'untrusted'
    if (!pool || pool.spec.trustTier === trust) return allow
    return deny({
      rule: 'R222',
      field: 'spec.runnerPool',
      value: name,
      problem: `${isOfTheStack ? 'is the pool of the stack and ' : ''}takes ${pool.spec.trustTier} work, and the run is ${trust}`,
      fix: `name a RunnerPool with trustTier: ${trust}`,
    })
  },
})

function poolOf({ object: { spec }, namespace }: Request, cluster: Cluster) {
  const own = textOf(spec['runnerPool'])
  if (own !== '') return { name: own, isOfTheStack: false }
  const stack = cluster.get(AgentStack, textOf(spec['agentStack']), namespace)
  return { name: stack?.spec.runnerPool ?? '', isOfTheStack: true }
}
