import type { AgentStack } from '#src/api/agents/v1alpha1.ts'
import type { Verdict } from './grants.ts'
import type { Source } from './pod-references.ts'
import { isForkRef } from './run-facts.ts'

/** What a stack refuses its own runs, whatever is granted (R64); undefined where it has no objection. */
export function forbiddenBy(
  stack: AgentStack | undefined,
  { source, name }: { readonly source: Source; readonly name: string },
  ref: string | undefined,
): Verdict | undefined {
  if (!stack || source !== 'secret') return undefined
  const { allowOnForks = false, allowedSecretRefs } = stack.spec.secretPolicy ?? {}
  const verdict = { answer: 'denied', rule: 'R64', grant: undefined } as const
  if (isForkRef(ref) && !allowOnForks)
    return {
      ...verdict,
      reason: `stack "${stack.metadata.name}" has no Secrets on pull requests`,
      fix: 'run it on another ref, or set spec.secretPolicy.allowOnForks of the stack to true',
    }
  if (allowedSecretRefs && !allowedSecretRefs.includes(name))
    return {
      ...verdict,
      reason: `stack "${stack.metadata.name}" does not have this Secret in spec.secretPolicy.allowedSecretRefs`,
      fix: 'add it there, or use a Secret that is',
    }
  return undefined
}
