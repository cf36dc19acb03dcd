import { isFields, type Fields } from '#src/lib/schema/structural.ts'
import { FieldSet } from './field-set.ts'
import { parseElement, Unreadable } from './path-element.ts'
import { compareText } from './value-order.ts'

/** `.`, for the field itself. */
const SELF = '.'

/** A set as it stands in an entry of managedFields. Its names are in the order in which Go prints them. */
export function encodeFields(set: FieldSet, self = false): Fields {
  const fields = set
    .nodes()
    .map(({ element, member, below }): [string, Fields] => [
      element.id,
      below ? encodeFields(below, member) : {},
    ])
    .toSorted(([a], [b]) => compareText(a, b))
  return Object.fromEntries(self ? [[SELF, {}], ...fields] : fields)
}

/** Reads what encodeFields wrote, or anybody else. Steps of kinds that are not known are left out. Throws Unreadable. */
export const decodeFields = (fields: unknown): FieldSet => decode(fields).below

function decode(fields: unknown): { member: boolean; below: FieldSet } {
  const below = new FieldSet()
  let member = false
  if (fields !== null && !isFields(fields))
    throw new Unreadable(`not a map of fields: ${JSON.stringify(fields)}`)
  for (const [id, value] of Object.entries(fields ?? {})) {
    if (id === SELF) {
      member = true
      continue
    }
    const element = parseElement(id)
    if (!element) continue
    const found = decode(value)
    const known = below.below(element)
    below.put(
      element,
      found.member || below.has(element),
      known ? known.union(found.below) : found.below,
    )
  }
  return { member: member || below.isEmpty, below }
}
