import type { AgentStack } from '#src/api/agents/v1alpha1.ts'
import type { Verdict } from './grants.ts'
import type { Source } from './pod-references.ts'
import { isForkRef } from './run-facts.ts'

/** What a stack refuses its own runs, whatever is granted (R64); undefined where it has no objection. */
export function forbiddenBy(
  stack: AgentStack,
  { source, name }: { readonly source: Source; readonly name: string },
  ref: string | undefined,
): Verdict | undefined {
  if (source !== 'secret') return undefined
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

/** A stack that cannot be found may forbid anything, so its runs have no Secrets (R64). */
export const forbiddenByUnknown = (stack: string, source: Source): Verdict | undefined =>
  source === 'secret'
    ? {
        answer: 'denied',
        rule: 'R64',
        reason: `stack "${stack}" does not exist, so it is not known what it forbids`,
        fix: 'create the AgentStack, or run it for one that is there',
        grant: undefined,
      }
    : undefined
