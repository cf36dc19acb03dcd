import type { Schema } from './definitions.ts'

/** A character is six bytes at most as JSON (`\u0000`), and one where the pattern allows for ASCII only. */
const BYTES_PER_CHARACTER = 6

/** The longest number, date or truth value. */
const BYTES_PER_SCALAR = 32

/** `,` between two entries, quotes, `:` and brackets, generously. */
const BYTES_PER_ENTRY = 4

/** Without backslashes but for escaped punctuation and classes, and without a dot, an alternative or a negated set, a pattern means ASCII. */
const ASCII_ONLY = /^\^(?:[\w\s()[\]{}?*+,:;@=!#%&~<>/"'-]|\\[./+*?|()[\]{}^$-]|\\d)*\$$/

/** How many bytes a value can have as JSON at most; Infinity where its schema sets no limit. */
export function largestOf(schema: Schema): number {
  if (schema['x-kubernetes-preserve-unknown-fields']) return Infinity
  if (schema.enum) return Math.max(...schema.enum.map(value => JSON.stringify(value).length))
  switch (schema.type) {
    case 'string':
      return sizeOfString(schema)
    case 'array':
      return times(schema.maxItems, largestOf(schema.items ?? {}))
    case 'object':
      return largestOfMap(schema)
    case 'boolean':
    case 'integer':
    case 'number':
      return BYTES_PER_SCALAR
    default:
      return schema['x-kubernetes-int-or-string'] ? sizeOfString(schema) : Infinity
  }
}

function sizeOfString({ maxLength, format, pattern }: Schema): number {
  if (maxLength === undefined) return format === undefined ? Infinity : 64
  const isAscii = pattern !== undefined && ASCII_ONLY.test(pattern)
  return maxLength * (isAscii ? 1 : BYTES_PER_CHARACTER) + 2
}

function largestOfMap({ properties = {}, additionalProperties }: Schema): number {
  // A schema cannot say how long the keys of a map may be.
  if (additionalProperties) return Infinity
  return Object.entries(properties).reduce(
    (sum, [name, schema]) => sum + name.length + BYTES_PER_ENTRY + largestOf(schema),
    2,
  )
}

const times = (count: number | undefined, size: number): number =>
  count === undefined ? Infinity : count * (size + BYTES_PER_ENTRY) + 2
