import {
  AgentContextLabel,
  AgentMcpServer,
  AgentSkill,
  AgentStack,
  AgentSubagent,
  AgentToolProfile,
} from '#src/api/agents/v1alpha1.ts'
import { AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject, UnknownObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import type { ConditionInput } from '#src/lib/controller.ts'
import { textOf } from '#src/lib/reference-conditions.ts'
import { named, referencesOf, type Named } from '#src/lib/references.ts'
import { without, type Problem } from './problem.ts'

/** Whether what a stack is put together from is there, and of use to it (R50, R125 to R129). */
export const partConditions = (stack: AgentStack, cluster: Cluster): readonly ConditionInput[] =>
  parts.map(part => part(stack, cluster))

/** What a stack names of one kind, in its order; without an object where there is none. */
export function partsOf<T extends KubernetesObject>(
  stack: AgentStack,
  kind: Kind<T>,
  cluster: Cluster,
): readonly { readonly at: Named; readonly object: T | undefined }[] {
  const { namespace = '' } = stack.metadata
  return referencesOf(AgentStack, stack)
    .filter(at => at.kind.kind === kind.kind)
    .map(at => ({ at, object: named(kind, at.name, namespace, cluster) }))
}

/** What a stack names and is not there. */
export const absent = (at: Named, reason: string, rule: string): Problem => ({
  reason,
  says: textOf(at),
  wayOut: `create it in the same namespace, or take it out of the stack [${rule}]`,
})

type Spec = Readonly<Record<string, unknown>>

const part =
  (
    type: string,
    kind: Kind,
    rule: string,
    faultOf: (spec: Spec, name: string, stack: string) => Problem | undefined = () => undefined,
  ) =>
  (stack: AgentStack, cluster: Cluster): ConditionInput => {
    const found = partsOf(stack, kind, cluster)
    const problems = found.flatMap(({ at, object }): readonly Problem[] => {
      if (!object) return [absent(at, `${kind.kind}Missing`, rule)]
      const { spec = {}, metadata } = object as UnknownObject
      const fault = faultOf(spec, metadata.name, stack.metadata.name)
      return fault ? [{ ...fault, says: `${at.path}: ${fault.says}` }] : []
    })
    return without(
      type,
      problems,
      found.length === 0
        ? { reason: 'NoneNamed', message: `The stack names no ${kind.kind}` }
        : { reason: 'AllFound', message: `Every ${kind.kind} that the stack names can be used` },
    )
  }

const parts = [
  part('ToolsAdmitted', AgentToolProfile, 'R125'),
  // Whether a server answers is not asked: that it is there is what counts (R126).
  part('McpHealthy', AgentMcpServer, 'R126', ({ allowedStacks }, name, stack) =>
    Array.isArray(allowedStacks) && !allowedStacks.includes(stack)
      ? {
          reason: 'McpServerNotAdmitted',
          says: `AgentMcpServer "${name}" is not for AgentStack "${stack}"`,
          wayOut: 'add the stack to spec.allowedStacks of the server, or name another [R221]',
        }
      : undefined,
  ),
  part('SkillsValidated', AgentSkill, 'R127', (spec, name) => {
    const lacking = ['format', 'sourceRef'].filter(field => isEmpty(spec[field]))
    return lacking.length > 0
      ? {
          reason: 'InvalidSkill',
          says: `AgentSkill "${name}" has no spec.${lacking.join(' and no spec.')}`,
          wayOut: 'complete the skill, or take it out of the stack [R127]',
        }
      : undefined
  }),
  part('SubagentsValid', AgentSubagent, 'R128', ({ taskKinds }, name) =>
    isEmpty(taskKinds)
      ? {
          reason: 'InvalidSubagent',
          says: `AgentSubagent "${name}" has no spec.taskKinds and gets no task`,
          wayOut: 'write the kinds of tasks that it takes, or take it out of the stack [R128]',
        }
      : undefined,
  ),
  part('ContextLabelsValid', AgentContextLabel, 'R129'),
  part('RuntimeIdentityReady', AgentServiceAccount, 'R50'),
]

/** Whether a value says nothing: '', [], {} and whatever is neither text, list nor map. */
const isEmpty = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.trim() === ''
    : typeof value !== 'object' || value === null || Object.keys(value).length === 0
