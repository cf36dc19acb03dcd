import { AgentDispatchRun, KradleArtifact } from '#src/api/activity/v1alpha1.ts'
import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { allow, deny, rule, type Request } from '#webhooks/rule.ts'

/**
 * What is written back goes where the stack of the run may write; nowhere, where it does not say.
 */
export default rule({
  kinds: [KradleArtifact],
  operations: ['CREATE'],
  enforces: ['R95', 'R96'],
  watches: [AgentStack],
  gets: [AgentDispatchRun],
  live: [],
  lookups: request =>
    targetOf(request) === ''
      ? []
      : [
          {
            kind: AgentDispatchRun,
            name: textOf(request.object.spec['dispatchRun']),
            namespace: request.namespace,
            fresh: 'live',
          },
        ],
  decide(request, cluster) {
    const target = targetOf(request)
    if (target === '') return allow
    const refused = (number: string, problem: string, fix: string) =>
      deny({ rule: number, field: 'spec.writeBack.target', value: target, problem, fix })
    if (target === 'branch')
      return refused('R96', 'is not written to by agents', 'open a pull request instead')
    const { stack, allowed } = targetsOf(request, cluster)
    if (allowed.includes(target)) return allow
    return refused(
      'R95',
      `is none of the targets of AgentStack "${stack}"`,
      `write ${allowed.length > 0 ? `one of ${allowed.join(', ')}` : 'no writeBack'}, or add it to writeBackPolicy.allowedTargets of the stack`,
    )
  },
})

const targetOf = ({ object }: Request): string =>
  textOf((object.spec['writeBack'] as { target?: unknown } | undefined)?.target)

function targetsOf({ object, namespace }: Request, cluster: Cluster) {
  const run = cluster.get(AgentDispatchRun, textOf(object.spec['dispatchRun']), namespace)
  const name = run?.spec.agentStack ?? ''
  const stack = cluster.get(AgentStack, name, namespace)
  return { stack: name, allowed: stack?.spec.writeBackPolicy?.allowedTargets ?? [] }
}
