import {
  celFunc,
  celList,
  celMap,
  CelScalar,
  isCelList,
  isCelMap,
  type CelFunc,
  type CelMap,
  type CelValue,
} from '@bufbuild/cel'
import { equal } from '../cel-equality.ts'
import { BUILD_LIST, BUILD_MAP, ENTRIES, INSERT, MERGE } from './macros.ts'
import { opaquesEqual } from './opaque.ts'
import { heldBy } from './optional.ts'
import { keyed } from './values.ts'

const { BOOL, DYN } = CelScalar

const itemsOf = (value: CelValue): CelValue[] => {
  if (!isCelList(value)) throw new Error('no such overload')
  return [...value]
}

const mapOf = (value: CelValue): CelMap => {
  if (!isCelMap(value)) throw new Error('no such overload')
  return value
}

function inserted(into: CelMap, entries: Iterable<readonly [unknown, CelValue]>): CelMap {
  const map = new Map<string, CelValue>([...into] as [string, CelValue][])
  for (const [key, value] of entries) {
    if (map.has(key as string)) throw new Error(`insert failed: key ${String(key)} already exists`)
    map.set(key as string, value)
  }
  return keyed(map)
}

/** What is held by an element that may be missing. */
const presentOf = (element: CelValue, isOptional: CelValue): CelValue | undefined => {
  if (isOptional !== true) return element
  const holder = heldBy(element)
  if (!holder) throw new Error('no such overload')
  return holder.value
}

/** Whether two values are equal, of which either may be missing. */
function same(a: CelValue, b: CelValue): boolean {
  const [left, right] = [heldBy(a), heldBy(b)]
  if (!left || !right) return !left && !right && (opaquesEqual(a, b) ?? equal(a, b))
  if (left.value === undefined || right.value === undefined) return left.value === right.value
  return same(left.value, right.value)
}

/** Equality that knows optionals, and what macros are written out with. */
export const plumbing: readonly CelFunc[] = [
  celFunc('_==_', [DYN, DYN], BOOL, same),
  celFunc('_!=_', [DYN, DYN], BOOL, (a, b) => !same(a, b)),
  celFunc(ENTRIES, [DYN], DYN, value =>
    isCelList(value)
      ? celList([...value].map((item, index) => celList([BigInt(index), item])))
      : celList([...mapOf(value)].map(([key, item]) => celList([key, item]))),
  ),
  celFunc(INSERT, [DYN, DYN, DYN], DYN, (map, key, value) => inserted(mapOf(map), [[key, value]])),
  celFunc(MERGE, [DYN, DYN], DYN, (map, entry) => inserted(mapOf(map), mapOf(entry))),
  celFunc(BUILD_LIST, [DYN], DYN, parts =>
    celList(
      itemsOf(parts).flatMap(part => {
        const [value, isOptional] = itemsOf(part)
        const present = presentOf(value!, isOptional!)
        return present === undefined ? [] : [present]
      }),
    ),
  ),
  celFunc(BUILD_MAP, [DYN], DYN, parts =>
    inserted(
      celMap(new Map()),
      itemsOf(parts).flatMap(part => {
        const [key, value, isOptional] = itemsOf(part)
        const present = presentOf(value!, isOptional!)
        return present === undefined ? [] : [[key, present] as const]
      }),
    ),
  ),
]
