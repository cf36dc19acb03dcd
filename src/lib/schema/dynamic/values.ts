import { celList, celMap, type CelMap, type CelValue } from '@bufbuild/cel'
import { int64, isInt64 } from '../numbers.ts'

/** A map in which a key is there even where its value is null. */
export function keyed(entries: ReadonlyMap<string, CelValue>): CelMap {
  const map = celMap(entries)
  return Object.assign(map, { has: (key: CelValue) => map.get(key as string) !== undefined })
}

/** Decoded JSON as expressions see it that have no schema: whole numbers are ints, all others doubles. */
export function celValue(value: unknown): CelValue {
  if (isInt64(value)) return int64(value)
  if (Array.isArray(value)) return celList(value.map(celValue))
  if (typeof value === 'object' && value !== null)
    return keyed(
      new Map(
        Object.entries(value).flatMap(([key, field]) =>
          field === undefined ? [] : [[key, celValue(field)] as const],
        ),
      ),
    )
  return (value ?? null) as string | number | boolean | null
}
