import { listed, met, unmet } from '#src/lib/conditions.ts'
import type { ConditionInput } from '#src/lib/controller.ts'

/** Something that keeps a stack from being ready. */
export interface Problem {
  /** Stable CamelCase word. */
  readonly reason: string
  /** Where it is and what is wrong, as a clause. */
  readonly says: string
  /** What to do about it, as a clause; ends with the number of the rule. */
  readonly wayOut: string
}

/** How many problems a message tells; the rest is counted. */
const TOLD = 5

/** The condition that holds without problems; otherwise it has the reason of the first and says what they are, and the way out of each kind once. */
export function without(
  type: string,
  problems: readonly Problem[],
  { reason, message }: { readonly reason: string; readonly message: string },
): ConditionInput {
  const [first] = problems
  if (!first) return met(type, reason, message)
  const says = listed(
    problems.map(problem => problem.says),
    TOLD,
  )
  const waysOut = new Set(problems.slice(0, TOLD).map(({ wayOut }) => wayOut))
  return unmet(type, first.reason, [says, ...waysOut].join('; '))
}
