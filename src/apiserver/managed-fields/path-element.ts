import { goJson } from '#src/lib/schema/go-text.ts'
import { isFields } from '#src/lib/schema/structural.ts'
import { compareText, compareValues, textOf, type Numbers } from './value-order.ts'

/** One step of the path to a field. */
export type PathElement = Step & {
  /** As it stands in fieldsV1; the same for the same step. */
  readonly id: string
  /** As it stands in messages. */
  readonly text: string
}

type Step =
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'key'; readonly keys: readonly Key[] }
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'index'; readonly index: number }

/** The name and the value of one key of an item. */
export type Key = readonly [name: string, value: unknown]

/** A path from the root of an object. */
export type Path = readonly PathElement[]

/** A field of a map. */
export const fieldElement = (name: string): PathElement => ({
  type: 'field',
  name,
  id: `f:${name}`,
  text: `.${name}`,
})

/** An item of a list with keys. */
export function keyElement(keys: readonly Key[], numbers: Numbers = 'integers'): PathElement {
  const sorted = keys.toSorted(([a], [b]) => compareText(a, b))
  const pairs = sorted.map(([name, value]) => `${plainJson(JSON.stringify(name))}:${json(value)}`)
  return {
    type: 'key',
    keys: sorted,
    id: `k:{${pairs.join(',')}}`,
    // Few steps ever stand in a message.
    get text() {
      return `[${sorted.map(([name, value]) => `${name}=${textOf(value, numbers)}`).join(',')}]`
    },
  }
}

/** An item of a set. */
export const valueElement = (value: unknown, numbers: Numbers = 'integers'): PathElement => ({
  type: 'value',
  value,
  id: `v:${json(value)}`,
  get text() {
    return `[=${textOf(value, numbers)}]`
  },
})

/** An item of any other list; of use in messages only. */
export const indexElement = (index: number): PathElement => ({
  type: 'index',
  index,
  id: `i:${index}`,
  text: `[${index}]`,
})

/** A path as it stands in messages, e.g. `.spec.ports[port=80].name`. */
export const pathText = (path: Path): string => path.map(({ text }) => text).join('')

/** Fields come first, then items by key, by value and by index. */
export function compareElements(a: PathElement, b: PathElement): number {
  if (a.type === 'field' && b.type === 'field') return compareText(a.name, b.name)
  if (a.type === 'key' && b.type === 'key') return compareKeys(a.keys, b.keys)
  if (a.type === 'value' && b.type === 'value') return compareValues(a.value, b.value)
  if (a.type === 'index' && b.type === 'index') return a.index - b.index
  return ORDER.indexOf(a.type) - ORDER.indexOf(b.type)
}

const ORDER: readonly PathElement['type'][] = ['field', 'key', 'value', 'index']

function compareKeys(a: readonly Key[], b: readonly Key[]): number {
  for (const [index, [name, value]] of a.entries()) {
    const [otherName, otherValue] = b[index] ?? []
    if (otherName === undefined) return 1
    const order = compareText(name, otherName) || compareValues(value, otherValue)
    if (order !== 0) return order
  }
  return a.length - b.length
}

/** What stands in the way of reading fieldsV1. */
export class Unreadable extends Error {}

/** Reads a step of fieldsV1; undefined where its kind is not known, which is to be passed over. Throws Unreadable. */
export function parseElement(id: string): PathElement | undefined {
  if (id.length < 2) throw new Unreadable('key must be 2 characters long:')
  if (id[1] !== ':') throw new Unreadable(`missing colon: ${id}`)
  const rest = id.slice(2)
  if (id[0] === 'f') return fieldElement(rest)
  if (id[0] === 'v') return valueElement(parsed(rest), 'floats')
  if (id[0] === 'k') {
    const keys = parsed(rest)
    if (!isFields(keys)) throw new Unreadable(`not a map of keys: ${id}`)
    return keyElement(Object.entries(keys), 'floats')
  }
  if (id[0] !== 'i') return undefined
  if (!/^[+-]?\d+$/.test(rest)) throw new Unreadable(`not an index: ${id}`)
  return indexElement(Number(rest))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Unreadable(`not JSON: ${text}`)
  }
}

/** As the library of Go writes it that names fields: exponents have two digits, and two characters no letter. */
function json(value: unknown): string {
  if (typeof value === 'number') return JSON.stringify(value).replace(/e([+-])(\d)$/, 'e$10$2')
  if (Array.isArray(value)) return `[${value.map(json).join(',')}]`
  if (!isFields(value)) return plainJson(goJson(value))
  const pairs = Object.keys(value)
    .toSorted(compareText)
    .map(name => `${plainJson(goJson(name))}:${json(value[name])}`)
  return `{${pairs.join(',')}}`
}

const plainJson = (text: string): string =>
  text.replaceAll(/\\./g, pair => ({ '\\b': '\\u0008', '\\f': '\\u000c' })[pair] ?? pair)
