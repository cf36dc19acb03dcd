/** A map of JSON of which nothing else is known. */
export type Untyped = Readonly<Record<string, unknown>>

const nothing: Untyped = Object.freeze({})
const none: readonly unknown[] = Object.freeze([])

/** The value where it is a map, otherwise an empty one: what has another type holds none of the fields we look for. */
export const mapOf = (value: unknown): Untyped => (isMap(value) ? value : nothing)

export const isMap = (value: unknown): value is Untyped =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value where it is a list, otherwise an empty one. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : none)

/** The value where it is a text, otherwise an empty one. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
