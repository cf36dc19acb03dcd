import { jsonEqual } from '../json-diff.ts'
import { isFields, type Fields, type Structural } from './structural.ts'

/**
 * A value beside the one it replaces. What is wrong but unchanged is let through (ratcheting), so both have to be
 * followed into fields, and into the items of lists whose items have keys; other items have no counterpart.
 */
export class Correlation {
  readonly value: unknown
  readonly old: unknown
  readonly schema: Structural
  readonly #children = new Map<string | number, Correlation | undefined>()
  #items: ReadonlyMap<string, Fields> | undefined
  #unchanged: boolean | undefined

  constructor(value: unknown, old: unknown, schema: Structural) {
    this.value = value
    this.old = old
    this.schema = schema
  }

  field(name: string): Correlation | undefined {
    return this.#child(name, () => {
      const { value, old, schema } = this
      if (!isFields(value) || !isFields(old)) return undefined
      if (!Object.hasOwn(value, name) || !Object.hasOwn(old, name)) return undefined
      const node = schema.properties?.get(name) ?? schema.additional
      return node && node !== true ? new Correlation(value[name], old[name], node) : undefined
    })
  }

  item(index: number): Correlation | undefined {
    return this.#child(index, () => {
      const { value, old, schema } = this
      if (!Array.isArray(value) || !Array.isArray(old) || !schema.items) return undefined
      if (schema.listType !== 'map') return undefined
      this.#items ??= byKey(old, schema.listMapKeys)
      const counterpart = counterpartIn(this.#items, value[index], schema.listMapKeys)
      return counterpart && new Correlation(value[index], counterpart, schema.items)
    })
  }

  /** Whether nothing changed; the items of a list with keys may have changed places. */
  get unchanged(): boolean {
    return (this.#unchanged ??= this.#compare())
  }

  #compare(): boolean {
    const { value, old } = this
    if (Array.isArray(value) && Array.isArray(old)) {
      if (this.schema.listType !== 'map') return jsonEqual(value, old)
      return value.length === old.length && value.every((_, i) => this.item(i)?.unchanged ?? false)
    }
    if (!isFields(value) || !isFields(old)) return value === old
    const names = Object.keys(value)
    return (
      names.length === Object.keys(old).length &&
      names.every(name => this.field(name)?.unchanged ?? false)
    )
  }

  #child(key: string | number, make: () => Correlation | undefined): Correlation | undefined {
    if (!this.#children.has(key)) this.#children.set(key, make())
    return this.#children.get(key)
  }
}

/** The items of a list by their keys; the first of each key counts, and items without are left out. */
export function byKey(
  items: readonly unknown[],
  keys: readonly string[],
): ReadonlyMap<string, Fields> {
  const map = new Map<string, Fields>()
  for (const item of items) {
    const key = keyOf(item, keys)
    if (key !== undefined && !map.has(key)) map.set(key, item as Fields)
  }
  return map
}

/** The item that has the same keys as this one. */
export function counterpartIn<T>(
  items: ReadonlyMap<string, T>,
  item: unknown,
  keys: readonly string[],
): T | undefined {
  const key = keyOf(item, keys)
  return key === undefined ? undefined : items.get(key)
}

function keyOf(item: unknown, keys: readonly string[]): string | undefined {
  if (!isFields(item)) return undefined
  const values = keys.map(key => (Object.hasOwn(item, key) ? item[key] : null))
  return values.some(value => typeof value === 'object') ? undefined : JSON.stringify(values)
}
