import type { ConditionInput } from './controller.ts'

/** A condition that is met. */
export const met = (type: string, reason: string, message: string): ConditionInput => ({
  type,
  status: 'True',
  reason,
  message,
})

/** A condition that is not met. */
export const unmet = (type: string, reason: string, message: string): ConditionInput => ({
  type,
  status: 'False',
  reason,
  message,
})

/** Ready as all of the others together: why not is what the first unmet one says. */
export function readyWhen(
  conditions: readonly ConditionInput[],
  reason: string,
  message: string,
): ConditionInput[] {
  const inTheWay = conditions.find(({ status }) => status === 'False')
  const ready = inTheWay
    ? { ...inTheWay, type: 'Ready' }
    : { type: 'Ready', status: 'True' as const, reason, message }
  return [...conditions, ready]
}

const ITEMS_IN_A_MESSAGE = 10
const LENGTH_OF_AN_ITEM = 1000

/** Things for a message, which must not grow beyond what a status takes: the first few, and how many more there are. */
export function listed(items: readonly string[], most = ITEMS_IN_A_MESSAGE): string {
  const more = items.length - most
  const list = items.slice(0, most).map(item => item.slice(0, LENGTH_OF_AN_ITEM))
  return list.join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** Names for a message. */
export const quoted = (names: readonly string[]): string => listed(names.map(name => `"${name}"`))
