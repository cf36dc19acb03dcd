import { celFunc, celMethod, CelScalar, type CelFunc } from '@bufbuild/cel'
import { Opaque } from './opaque.ts'

const { BOOL, DOUBLE, DYN, INT, STRING } = CelScalar

/** A resource.Quantity, in billionths. */
interface Quantity {
  readonly nano: bigint
}

const quantitiesOf = new Opaque<Quantity>((a, b) => a.nano === b.nano)

const NANO = 1_000_000_000n
const SYNTAX = /^([+-]?)(\d*)(?:\.(\d*))?([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/
const DECIMAL: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}

/** Reads a quantity, e.g. `1.5Gi`; what is less than a billionth counts as one. Undefined where it is none. */
export function parseQuantity(text: string): Quantity | undefined {
  const [, sign, whole = '', fraction = '', suffix = ''] = SYNTAX.exec(text) ?? []
  if (sign === undefined || whole + fraction === '') return undefined
  const binary = suffix.endsWith('i') ? 1024n ** BigInt(' KMGTPE'.indexOf(suffix[0]!)) : 1n
  const exponent =
    DECIMAL[suffix] ?? (/^[eE]./.test(suffix) ? Number.parseInt(suffix.slice(1), 10) : 0)
  if (Math.abs(exponent) > 100) return undefined
  const scale = 9 + exponent - fraction.length
  const value = BigInt(whole + fraction) * binary
  const scaled = scale >= 0 ? value * 10n ** BigInt(scale) : roundedUp(value, 10n ** BigInt(-scale))
  return { nano: sign === '-' ? -scaled : scaled }
}

const roundedUp = (value: bigint, by: bigint): bigint => (value + by - 1n) / by

const MAX_INT64 = 2n ** 63n - 1n

function integerIn({ nano }: Quantity): bigint | undefined {
  const value = nano / NANO
  return nano % NANO === 0n && value <= MAX_INT64 && value >= -MAX_INT64 - 1n ? value : undefined
}

const compare = (a: Quantity, b: Quantity): bigint =>
  a.nano === b.nano ? 0n : a.nano < b.nano ? -1n : 1n

const comparing = (name: string, holds: (order: bigint) => boolean): CelFunc =>
  celMethod(name, DYN, [DYN], BOOL, function (other) {
    return holds(compare(quantitiesOf.unwrap(this), quantitiesOf.unwrap(other)))
  })

const adding = (name: string, sign: bigint): CelFunc =>
  celMethod(name, DYN, [DYN], DYN, function (other) {
    const { nano } = quantitiesOf.unwrap(this)
    const by = typeof other === 'bigint' ? other * NANO : quantitiesOf.unwrap(other).nano
    return quantitiesOf.wrap({ nano: nano + sign * by })
  })

/** The library `kubernetes.quantity`. */
export const quantities: readonly CelFunc[] = [
  celFunc('quantity', [STRING], DYN, text => {
    const quantity = parseQuantity(text)
    if (!quantity)
      throw new Error(
        text === ''
          ? "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
          : "unable to parse quantity's suffix",
      )
    return quantitiesOf.wrap(quantity)
  }),
  celFunc('isQuantity', [STRING], BOOL, text => parseQuantity(text) !== undefined),
  celFunc('sign', [DYN], INT, quantity => compare(quantitiesOf.unwrap(quantity), { nano: 0n })),
  celMethod('compareTo', DYN, [DYN], INT, function (other) {
    return compare(quantitiesOf.unwrap(this), quantitiesOf.unwrap(other))
  }),
  comparing('isGreaterThan', order => order > 0n),
  comparing('isLessThan', order => order < 0n),
  adding('add', 1n),
  adding('sub', -1n),
  celMethod('isInteger', DYN, [], BOOL, function () {
    return integerIn(quantitiesOf.unwrap(this)) !== undefined
  }),
  celMethod('asInteger', DYN, [], INT, function () {
    const value = integerIn(quantitiesOf.unwrap(this))
    if (value === undefined) throw new Error('cannot convert value to integer')
    return value
  }),
  celMethod('asApproximateFloat', DYN, [], DOUBLE, function () {
    return Number(quantitiesOf.unwrap(this).nano) / Number(NANO)
  }),
]
