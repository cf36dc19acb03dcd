export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Map = { [key: string]: Json }

export const isMap = (value: Json | undefined): value is Map =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isString = (value: Json | undefined): value is string => typeof value === 'string'

export const own = (map: Map, key: string): Json | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined

/** The value where it is of the type, otherwise an empty one. */
export const text = (value: Json | undefined): string => (isString(value) ? value : '')
export const mapOf = (value: Json | undefined): Map => (isMap(value) ? value : {})
export const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : [])

export const metadataOf = (object: Map): Map => mapOf(own(object, 'metadata'))
export const specOf = (object: Map): Map => mapOf(own(object, 'spec'))

/** Equality of JSON without recursion: the depth is the sender's choice. */
export function same(left: Json, right: Json): boolean {
  const pending: [Json, Json][] = [[left, right]]
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    const [a, b] = pair
    if (a === b) continue
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
    if (Array.isArray(a) !== Array.isArray(b)) return false
    const keys = Object.keys(a)
    if (keys.length !== Object.keys(b).length) return false
    for (const key of keys) {
      if (!Object.hasOwn(b, key)) return false
      pending.push([(a as Map)[key]!, (b as Map)[key]!])
    }
  }
  return true
}
