import { duplicate, invalid, type Cause } from './cause.ts'
import { goJson } from './go-text.ts'
import { child, keyed } from './path.ts'
import { isFields, type Fields, type Structural } from './structural.ts'

/** The items that may not be there twice: those of sets, and those of lists with keys that share their keys. */
export function duplicates(value: unknown, node: Structural, path = ''): Cause[] {
  if (Array.isArray(value))
    return [
      ...(node.listType === 'set' ? duplicatesOfSet(value, path) : []),
      ...(node.listType === 'map' ? duplicatesOfMap(value, node.listMapKeys, path) : []),
      ...value.flatMap((item, index) =>
        node.items ? duplicates(item, node.items, keyed(path, index)) : [],
      ),
    ]
  if (!isFields(value)) return []
  return Object.entries(value).flatMap(([name, field]) => [
    ...(node.additional && node.additional !== true
      ? duplicates(field, node.additional, keyed(path, name))
      : []),
    ...(node.properties?.has(name)
      ? duplicates(field, node.properties.get(name)!, child(path, name))
      : []),
  ])
}

const duplicatesOfSet = (items: readonly unknown[], path: string): Cause[] =>
  seenAgain(items).map(index => duplicate(keyed(path, index), items[index]))

function duplicatesOfMap(
  items: readonly unknown[],
  keys: readonly string[],
  path: string,
): Cause[] {
  const stray = items.findIndex(item => item !== null && !isFields(item))
  if (stray >= 0)
    return [
      invalid(keyed(path, stray), items[stray], 'must be an object for an array of list-type map'),
    ]
  const identities = items.map(item => identityOf(item as Fields | null, keys))
  return seenAgain(identities).map(index => duplicate(keyed(path, index), identities[index]))
}

const identityOf = (item: Fields | null, keys: readonly string[]): Fields =>
  Object.fromEntries(
    keys.filter(key => item && Object.hasOwn(item, key)).map(key => [key, item![key]]),
  )

/** Where something is for the second time; a third time is not told. */
function seenAgain(items: readonly unknown[]): number[] {
  const times = new Map<string, number>()
  return [...items.keys()].filter(index => {
    const text = goJson(items[index])
    times.set(text, (times.get(text) ?? 0) + 1)
    return times.get(text) === 2
  })
}
