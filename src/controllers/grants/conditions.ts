import type { ConditionInput } from '#src/lib/controller.ts'

export const holds = (type: string, reason: string, message: string): ConditionInput => ({
  type,
  status: 'True',
  reason,
  message,
})

export const fails = (type: string, reason: string, message: string): ConditionInput => ({
  type,
  status: 'False',
  reason,
  message,
})

/** The conditions, and Ready: True where all of them are, otherwise what the first one says that is not. */
export function withReady(
  conditions: readonly ConditionInput[],
  message: string,
): readonly ConditionInput[] {
  const wrong = conditions.find(({ status }) => status === 'False')
  return [
    ...conditions,
    wrong ? fails('Ready', wrong.reason, wrong.message) : holds('Ready', 'Ready', message),
  ]
}

/** How many items a message names; people look at the first ones, and conditions have to fit into an object. */
const NAMED = 8

/** `a, b and 3 more`. */
export const listing = (items: readonly string[]): string =>
  items.length <= NAMED
    ? items.join(', ')
    : `${items.slice(0, NAMED).join(', ')} and ${items.length - NAMED} more`
