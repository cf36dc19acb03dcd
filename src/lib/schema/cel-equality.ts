import {
  celEnv,
  isCelList,
  isCelMap,
  type CelList,
  type CelMap,
  type CelValue,
} from '@bufbuild/cel'

/** How lists whose order does not matter are compared: as sets, or item by item with the same key. */
type Comparison = 'set' | ((item: CelValue) => string)

const comparisons = new WeakMap<CelList, Comparison>()

/** From now on the list equals every other with the same items, in whatever order. */
export function compareBy(list: CelList, comparison: Comparison): CelList {
  comparisons.set(list, comparison)
  return list
}

const unreadable = new WeakSet<CelMap>()

/** Marks what stands for a value that does not have the type its schema promises: every comparison with it fails. */
export function asUnreadable(holder: CelMap): CelMap {
  unreadable.add(holder)
  return holder
}

/** Whether two values are equal for the API server. Throws where one of them cannot be read. */
export function equal(a: CelValue, b: CelValue): boolean {
  for (const value of [a, b])
    if (isCelMap(value) && unreadable.has(value))
      throw new Error('no such overload: the value does not have the type of its schema')
  if (isCelList(a)) return isCelList(b) && a.size === b.size && equalLists(a, b)
  if (isCelMap(a)) return isCelMap(b) && a.size === b.size && equalMaps(a, b)
  return ordinary.call(0, undefined, [a, b]) === true
}

/** What the library does; it tells scalars apart, and instants and durations. */
const ordinary = celEnv().funcs.find('_==_')!

const equalMaps = (a: CelMap, b: CelMap): boolean =>
  [...a].every(([key, value]) => {
    const other = b.get(key)
    return other !== undefined && equal(value, other)
  })

function equalLists(a: CelList, b: CelList): boolean {
  const comparison = comparisons.get(a)
  if (comparison === undefined) return [...a].every((item, index) => equal(item, b.get(index)!))
  const items = [...a]
  if (comparison === 'set') return [...b].every(other => items.some(item => equal(item, other)))
  const keyed = new Map(items.map(item => [comparison(item), item]))
  return [...b].every(other => {
    const item = keyed.get(comparison(other))
    return item !== undefined && equal(item, other)
  })
}
