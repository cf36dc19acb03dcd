import {
  celEnv,
  celFunc,
  celMethod,
  CelScalar,
  listType,
  mapType,
  type CelMap,
  type CelValue,
} from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import { conversions } from './cel-conversions.ts'
import { equal } from './cel-equality.ts'
import { patternOf } from './pattern.ts'

const { BOOL, DYN } = CelScalar
const LIST = listType(DYN)
const MAP = mapType(DYN, DYN)

const optionals = new WeakMap<object, { readonly value: CelValue | undefined }>()

/** What `oldSelf` is where it is optional. */
export function asOptional(holder: CelMap, value: CelValue | undefined): CelMap {
  optionals.set(holder, { value })
  return holder
}

function optional(holder: object): { readonly value: CelValue | undefined } {
  const found = optionals.get(holder)
  if (!found) throw new Error('no such overload: not an optional value')
  return found
}

function valueOf(holder: object): CelValue {
  const { value } = optional(holder)
  if (value === undefined) throw new Error('optional.none() dereference')
  return value
}

/**
 * The language of rules: CEL with its strings extension, `matches` by RE2, equality that knows sets and lists with
 * keys, and as much of optional values as `optionalOldSelf` needs.
 */
export const env = celEnv({
  re2: { compile: patternOf },
  funcs: [
    ...strings,
    ...conversions,
    celFunc('_==_', [DYN, DYN], BOOL, equal),
    celFunc('_!=_', [DYN, DYN], BOOL, (a, b) => !equal(a, b)),
    celFunc('@in', [DYN, LIST], BOOL, (value, list) => [...list].some(item => equal(item, value))),
    celMethod('hasValue', MAP, [], BOOL, function () {
      return optional(this).value !== undefined
    }),
    celMethod('value', MAP, [], DYN, function () {
      return valueOf(this)
    }),
    celMethod('orValue', MAP, [DYN], DYN, function (otherwise) {
      return optional(this).value ?? otherwise
    }),
  ],
})
