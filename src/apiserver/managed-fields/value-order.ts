import { goFloat, goNumber, quoted } from '#src/lib/schema/go-text.ts'
import { isFields } from '#src/lib/schema/structural.ts'

/** The order of strings in Go: that of their UTF-8, which is that of their code points. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left !== right) return rankOfUnit(left) - rankOfUnit(right)
  }
  return a.length - b.length
}

/** Halves of surrogate pairs come after every other unit, as the characters that they make do. */
const rankOfUnit = (unit: number): number =>
  unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit

/** The order of any two JSON values: numbers, strings, booleans, lists, maps, null. */
export function compareValues(a: unknown, b: unknown): number {
  const kind = rankOf(a) - rankOf(b)
  if (kind !== 0) return kind
  if (typeof a === 'number') return a - (b as number)
  if (typeof a === 'string') return compareText(a, b as string)
  if (typeof a === 'boolean') return Number(a) - Number(b)
  if (Array.isArray(a)) return compareLists(a, b as unknown[])
  return isFields(a) ? compareMaps(a, b as Record<string, unknown>) : 0
}

function rankOf(value: unknown): number {
  if (Array.isArray(value)) return 3
  if (value === null) return 5
  return { number: 0, string: 1, boolean: 2 }[typeof value as string] ?? 4
}

function compareLists(a: readonly unknown[], b: readonly unknown[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const item = compareValues(a[index], b[index])
    if (item !== 0) return item
  }
  return a.length - b.length
}

function compareMaps(a: Record<string, unknown>, b: Record<string, unknown>): number {
  const [left, right] = [Object.keys(a), Object.keys(b)]
  const names = [...new Set([...left, ...right])].toSorted(compareText)
  for (const [index, name] of names.entries()) {
    if (index === left.length) return -1
    if (index === right.length) return 1
    if (!Object.hasOwn(a, name)) return 1
    if (!Object.hasOwn(b, name)) return -1
    const value = compareValues(a[name], b[name])
    if (value !== 0) return value
  }
  return 0
}

/** What numbers were read as: an object has integers among them, what is read from fieldsV1 floats alone. */
export type Numbers = 'integers' | 'floats'

/** A value as it stands in the path of a conflict. */
export function textOf(value: unknown, numbers: Numbers): string {
  if (value === null) return 'null'
  if (typeof value === 'number') return numbers === 'floats' ? goFloat(value) : goNumber(value)
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(item => textOf(item, numbers)).join(',')}]`
  return isFields(value)
    ? Object.entries(value)
        .map(([name, item]) => `${name}=${textOf(item, numbers)}`)
        .join('')
    : `${value as boolean}`
}
