import { isFields } from '#src/lib/schema/structural.ts'
import { quoted } from '#src/lib/schema/go-text.ts'
import { keyElement, valueElement, type Key, type PathElement } from './path-element.ts'
import type { ListType } from './type.ts'

/** How an item of an associative list is told from the others, or why it cannot be. */
export const listItem = (type: ListType, item: unknown): PathElement | string =>
  type.keys.length > 0 ? keyed(type, item) : ofSet(item)

/** How an item is told from the others, of a list that was found to be right. */
export const elementOf = (type: ListType, item: unknown): PathElement =>
  listItem(type, item) as PathElement

function keyed(type: ListType, item: unknown): PathElement | string {
  if (item === null) return 'associative list with keys may not have a null element'
  if (!isFields(item)) return 'associative list with keys may not have non-map elements'
  const keys = type.keys.flatMap((name): Key[] => {
    const value = Object.hasOwn(item, name) ? item[name] : defaultOf(type, name)
    return value === undefined ? [] : [[name, value]]
  })
  return keys.length > 0
    ? keyElement(keys)
    : `associative list with keys has an element that omits all key fields [${type.keys.map(quoted).join(' ')}] (and doesn't have default values for any key fields)`
}

const defaultOf = ({ element }: ListType, name: string): unknown =>
  element.map?.fields.get(name)?.default

function ofSet(item: unknown): PathElement | string {
  if (isFields(item)) return "associative list without keys has an element that's a map type"
  if (Array.isArray(item)) return 'not supported: associative list with lists as elements'
  return item === null
    ? "associative list without keys has an element that's an explicit null"
    : valueElement(item)
}
