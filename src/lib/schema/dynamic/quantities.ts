import { celFunc, celMethod, CelScalar, type CelFunc } from '@bufbuild/cel'
import { Opaque } from './opaque.ts'

const { BOOL, DOUBLE, DYN, INT, STRING } = CelScalar

/** A resource.Quantity. */
interface Quantity {
  /** In billionths. */
  readonly nano: bigint
  /**
   * The power of ten that Go keeps it by; undefined where it keeps it in another way. What has a negative one, or none,
   * is no integer there, whatever its value.
   */
  readonly scale: number | undefined
}

const quantitiesOf = new Opaque<Quantity>((a, b) => a.nano === b.nano)

const NANO = 1_000_000_000n
const SYNTAX = /^([+-]?)(\d*)(?:\.(\d*))?([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/
const LOOKS_RIGHT = /^[+-]?(?:\d+\.?\d*|\.\d+)[eEinumkKMGTP]*[-+]?\d*$/
const MALFORMED =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
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
  const power = suffix.endsWith('i') ? ' KMGTPE'.indexOf(suffix[0]!) : 0
  const exponent =
    DECIMAL[suffix] ?? (/^[eE]./.test(suffix) ? Number.parseInt(suffix.slice(1), 10) : 0)
  if (Math.abs(exponent) > 100) return undefined
  const places = 9 + exponent - fraction.length
  const value = BigInt(whole + fraction) * 1024n ** BigInt(power)
  const nano =
    places >= 0 ? value * 10n ** BigInt(places) : roundedUp(value, 10n ** BigInt(-places))
  const digits = whole.replace(/^0+/, '').length + fraction.length
  // As far as Go trusts an int64 with it.
  const room = power > 0 ? (fraction ? -1 : 14 - digits - power * 3) : 18 - digits
  return {
    nano: sign === '-' ? -nano : nano,
    scale: room >= 0 && places >= 0 ? exponent - fraction.length : undefined,
  }
}

const roundedUp = (value: bigint, by: bigint): bigint => (value + by - 1n) / by

const MAX_INT64 = 2n ** 63n - 1n

function integerIn({ nano, scale }: Quantity): bigint | undefined {
  if (scale === undefined || scale < 0) return undefined
  const value = nano / NANO
  return value <= MAX_INT64 && value >= -MAX_INT64 - 1n ? value : undefined
}

/** The scale of a sum; what is nothing takes that of the other. */
function scaleOf(a: Quantity, b: Quantity): number | undefined {
  if (a.scale === undefined || b.scale === undefined) return undefined
  if (b.nano === 0n) return a.scale
  return a.nano === 0n ? b.scale : Math.min(a.scale, b.scale)
}

const compare = (a: Pick<Quantity, 'nano'>, b: Pick<Quantity, 'nano'>): bigint =>
  a.nano === b.nano ? 0n : a.nano < b.nano ? -1n : 1n

const comparing = (name: string, holds: (order: bigint) => boolean): CelFunc =>
  celMethod(name, DYN, [DYN], BOOL, function (other) {
    return holds(compare(quantitiesOf.unwrap(this), quantitiesOf.unwrap(other)))
  })

const adding = (name: string, sign: bigint): CelFunc =>
  celMethod(name, DYN, [DYN], DYN, function (other) {
    const quantity = quantitiesOf.unwrap(this)
    const by =
      typeof other === 'bigint' ? { nano: other * NANO, scale: 0 } : quantitiesOf.unwrap(other)
    return quantitiesOf.wrap({
      nano: quantity.nano + sign * by.nano,
      scale: scaleOf(quantity, by),
    })
  })

/** The library `kubernetes.quantity`. */
export const quantities: readonly CelFunc[] = [
  celFunc('quantity', [STRING], DYN, text => {
    const quantity = parseQuantity(text)
    if (!quantity)
      throw new Error(LOOKS_RIGHT.test(text) ? "unable to parse quantity's suffix" : MALFORMED)
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
