import type { AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import type { RunFacts } from './run-facts.ts'

/** A limit of an account that a run does not keep. */
export interface BrokenLimit {
  readonly fact: 'repository' | 'runnerPool'
  readonly value: string | undefined
  readonly limit: 'allowedRepositories' | 'allowedRunnerPools'
  readonly allowed: readonly string[]
}

/** What a run breaks of the limits of its account. A fact that is not stated is within no limit. */
export function brokenLimits(
  { spec }: AgentServiceAccount,
  facts: Pick<RunFacts, 'repository' | 'runnerPool'>,
): readonly BrokenLimit[] {
  return [
    { fact: 'repository', limit: 'allowedRepositories' } as const,
    { fact: 'runnerPool', limit: 'allowedRunnerPools' } as const,
  ].flatMap(({ fact, limit }) => {
    const allowed = spec[limit]
    const value = facts[fact]
    return !allowed || (value !== undefined && allowed.includes(value))
      ? []
      : [{ fact, value, limit, allowed }]
  })
}
