import {
  celFunc,
  celMap,
  celMethod,
  CelScalar,
  isCelError,
  isCelList,
  isCelMap,
  isCelUint,
  type CelFunc,
  type CelMap,
  type CelValue,
} from '@bufbuild/cel'
import { INDEX, SELECT } from './desugar.ts'

const { BOOL, DYN } = CelScalar

/** What an optional holds; undefined is nothing. */
const held = new WeakMap<object, { readonly value: CelValue | undefined }>()

/** A value that may be missing. A field of it is the field of what it holds, and as optional itself. */
export function optionalOf(value: CelValue | undefined): CelMap {
  const fieldOf = (key: CelValue): CelValue => select(value, key)
  const holder: CelMap = Object.assign(celMap(new Map()), {
    get: fieldOf,
    has: (key: CelValue) => value !== undefined && found(value, key) !== undefined,
  })
  held.set(holder, { value })
  return holder
}

const NONE = optionalOf(undefined)

/** What is held, where it is an optional at all. */
export const heldBy = (
  value: CelValue | undefined,
): { readonly value: CelValue | undefined } | undefined =>
  typeof value === 'object' && value !== null ? held.get(value) : undefined

function select(of: CelValue | undefined, key: CelValue): CelValue {
  const inner = heldBy(of)
  const value = inner ? inner.value : of
  const field = value === undefined ? undefined : found(value, key)
  // A variable that cannot be evaluated is no missing field.
  if (isCelError(field)) throw field as unknown as Error
  return field === undefined ? NONE : optionalOf(field)
}

function found(value: CelValue, key: CelValue): CelValue | undefined {
  if (isCelMap(value)) return value.get(key as string)
  if (!isCelList(value)) return undefined
  const index = isCelUint(key) ? key.value : key
  return typeof index === 'bigint' || typeof index === 'number'
    ? value.get(Number(index))
    : undefined
}

function optional(value: CelValue): { readonly value: CelValue | undefined } {
  const holder = heldBy(value)
  if (!holder) throw new Error('no such overload')
  return holder
}

const isZero = (value: CelValue): boolean =>
  value === null ||
  value === false ||
  value === '' ||
  value === 0 ||
  value === 0n ||
  ((isCelList(value) || (isCelMap(value) && !heldBy(value))) && value.size === 0)

/** Optional values: their syntax, once desugared, and their functions. */
export const optionals: readonly CelFunc[] = [
  celFunc('optional.of', [DYN], DYN, value => optionalOf(value)),
  celFunc('optional.none', [], DYN, () => NONE),
  celFunc('optional.ofNonZeroValue', [DYN], DYN, value =>
    isZero(value) ? NONE : optionalOf(value),
  ),
  celMethod(SELECT, DYN, [DYN], DYN, function (key) {
    return select(this, key)
  }),
  celMethod(INDEX, DYN, [DYN], DYN, function (key) {
    return select(this, key)
  }),
  celMethod('hasValue', DYN, [], BOOL, function () {
    return optional(this).value !== undefined
  }),
  celMethod('value', DYN, [], DYN, function () {
    const { value } = optional(this)
    if (value === undefined) throw new Error('optional.none() dereference')
    return value
  }),
  celMethod('orValue', DYN, [DYN], DYN, function (otherwise) {
    return optional(this).value ?? (optional(this).value === null ? null : otherwise)
  }),
  celMethod('or', DYN, [DYN], DYN, function (otherwise) {
    return optional(this).value === undefined ? otherwise : this
  }),
]
