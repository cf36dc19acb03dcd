import {
  celEnv,
  celFunc,
  celList,
  celMethod,
  CelScalar,
  isCelError,
  isCelList,
  listType,
  type CelFunc,
  type CelList,
  type CelValue,
} from '@bufbuild/cel'
import { equal } from '../cel-equality.ts'

const { BOOL, DYN, INT } = CelScalar
const LIST = listType(DYN)

const { funcs } = celEnv()

/** What an operator of the language makes of two values. Throws where it has no overload for them. */
function operated(operator: '_<_' | '_+_', a: CelValue, b: CelValue): CelValue {
  const value = funcs.find(operator)!.call(0, undefined, [a, b])
  if (value === undefined) throw new Error('no such overload')
  if (isCelError(value)) throw new Error(value.message)
  return value
}

const isLess = (a: CelValue, b: CelValue): boolean => operated('_<_', a, b) === true

const compare = (a: CelValue, b: CelValue): number => (isLess(a, b) ? -1 : Number(isLess(b, a)))

/** The one that comes first in the order. */
function extreme(list: CelList, name: string, isBetter: (a: CelValue, b: CelValue) => boolean) {
  const [first, ...rest] = list
  if (first === undefined) throw new Error(`${name} called on empty list`)
  return rest.reduce((best, item) => (isBetter(item, best) ? item : best), first)
}

const positionOf = (index: number): bigint => BigInt(index)

function slice(list: CelList, from: bigint, to: bigint): CelList {
  if (from < 0n || to < 0n)
    throw new Error(`cannot slice(${from}, ${to}), negative indexes not supported`)
  if (from > to)
    throw new Error(
      `cannot slice(${from}, ${to}), start index must be less than or equal to end index`,
    )
  if (to > list.size) throw new Error(`cannot slice(${from}, ${to}), list is length ${list.size}`)
  return celList([...list].slice(Number(from), Number(to)))
}

const flattened = (list: CelList, depth: number): CelValue[] =>
  [...list].flatMap(item => (isCelList(item) && depth > 0 ? flattened(item, depth - 1) : [item]))

/** The libraries `kubernetes.lists` and `cel.lib.ext.lists`; not `sortBy`, which is a macro. */
export const lists: readonly CelFunc[] = [
  celMethod('isSorted', LIST, [], BOOL, function () {
    const items = [...this]
    return items.every((item, index) => index === 0 || !isLess(item, items[index - 1]!))
  }),
  celMethod('min', LIST, [], DYN, function () {
    return extreme(this, 'min', isLess)
  }),
  celMethod('max', LIST, [], DYN, function () {
    return extreme(this, 'max', (a, b) => isLess(b, a))
  }),
  celMethod('indexOf', LIST, [DYN], INT, function (value) {
    return positionOf([...this].findIndex(item => equal(item, value)))
  }),
  celMethod('lastIndexOf', LIST, [DYN], INT, function (value) {
    return positionOf([...this].findLastIndex(item => equal(item, value)))
  }),
  celMethod('sum', LIST, [], DYN, function () {
    const [first, ...rest] = this
    // Of an empty list the type checker of Go knows the type of its sum; mostly they are ints.
    return first === undefined ? 0n : rest.reduce((sum, item) => operated('_+_', sum, item), first)
  }),
  celMethod('distinct', LIST, [], DYN, function () {
    const items = [...this]
    return celList(
      items.filter((item, index) => items.findIndex(other => equal(item, other)) === index),
    )
  }),
  celMethod('reverse', LIST, [], DYN, function () {
    return celList([...this].toReversed())
  }),
  celMethod('sort', LIST, [], DYN, function () {
    return celList([...this].toSorted(compare))
  }),
  celMethod('slice', LIST, [INT, INT], DYN, function (from, to) {
    return slice(this, from, to)
  }),
  celMethod('flatten', LIST, [], DYN, function () {
    return celList(flattened(this, 1))
  }),
  celMethod('flatten', LIST, [INT], DYN, function (depth) {
    if (depth < 0n) throw new Error('level must be non-negative')
    return celList(flattened(this, Number(depth)))
  }),
  celFunc('lists.range', [INT], DYN, count =>
    celList(Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index))),
  ),
  celFunc('sets.contains', [LIST, LIST], BOOL, (list, part) => contains(list, part)),
  celFunc('sets.equivalent', [LIST, LIST], BOOL, (a, b) => contains(a, b) && contains(b, a)),
  celFunc('sets.intersects', [LIST, LIST], BOOL, (a, b) => {
    const others = [...b]
    return [...a].some(item => others.some(other => equal(item, other)))
  }),
]

function contains(list: CelList, part: CelList): boolean {
  const items = [...list]
  return [...part].every(wanted => items.some(item => equal(item, wanted)))
}
