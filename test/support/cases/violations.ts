import type { Schema } from '#hack/gen/definitions.ts'
import { isMap, type Step } from './fields.ts'
import { manyOf, matches, type Seen } from './samples.ts'

/** Something that a schema says no value may be. */
export interface Violation {
  readonly what: string
  /** Undefined where no value is known that breaks just this. */
  readonly value: unknown
  /** What the API server says to it. */
  readonly says: string
  /** Where it says so, from the field on. */
  readonly at?: readonly Step[]
}

/** Every way in which a value can break a schema by itself, each with such a value. `valid` is one that does not. */
export function violationsOf(schema: Schema, valid: unknown, seen: Seen): Violation[] {
  return [
    ...wrongType(schema),
    ...wrongWord(schema),
    ...wrongNumber(schema),
    ...wrongList(schema, valid, seen),
    ...wrongMap(schema, valid),
  ]
}

function wrongType({ type, 'x-kubernetes-int-or-string': either }: Schema): Violation[] {
  if (either || !type) return []
  const value = type === 'string' ? 7 : 'something else'
  return [{ what: `no ${type}`, value, says: '' }]
}

function wrongWord(schema: Schema): Violation[] {
  const { enum: words, pattern, format, minLength = 0, maxLength } = schema
  const all: Violation[] = []
  if (words) {
    const value = schema.type === 'string' ? 'no-such-word' : 987_654
    all.push({ what: 'no word of its enum', value, says: `Unsupported value: ${quoted(value)}` })
  }
  if (schema.type !== 'string') return all
  if (pattern !== undefined) {
    const value = MISFITS.map(word => word.padEnd(minLength, word.at(-1))).find(
      word => !matches(pattern, word) && word.length <= (maxLength ?? Infinity),
    )
    all.push({ what: 'against its pattern', value, says: 'should match' })
  }
  if (format !== undefined && format !== 'password')
    all.push({ what: `no ${format}`, value: 'a b!', says: `must be of type ${format}` })
  if (minLength > 0)
    all.push({ what: 'too short', value: 'a'.repeat(minLength - 1), says: 'should be at least' })
  if (maxLength !== undefined)
    all.push({ what: 'too long', value: 'a'.repeat(maxLength + 1), says: 'Too long' })
  return all
}

/** Most patterns do not match one of these. */
const MISFITS = [
  ' ',
  '!',
  'a b',
  '-',
  '/',
  '..',
  '*',
  'Ä',
  '\n',
  'none',
  'a'.repeat(64),
  '@',
  '0',
  '',
]

function wrongNumber(schema: Schema): Violation[] {
  const all: Violation[] = []
  if (schema.minimum !== undefined)
    all.push({ what: 'too small', value: schema.minimum - 1, says: 'greater than or equal to' })
  if (schema.maximum !== undefined)
    all.push({ what: 'too great', value: schema.maximum + 1, says: 'less than or equal to' })
  return all
}

function wrongList(schema: Schema, valid: unknown, seen: Seen): Violation[] {
  if (schema.type !== 'array') return []
  const { minItems = 0, maxItems } = schema
  const all: Violation[] = []
  if (minItems > 0)
    all.push({
      what: 'too few',
      value: manyOf(schema, minItems - 1, seen),
      says: 'should have at least',
    })
  if (maxItems !== undefined)
    all.push({ what: 'too many', value: manyOf(schema, maxItems + 1, seen), says: 'Too many' })
  if (['set', 'map'].includes(schema['x-kubernetes-list-type'] ?? '')) {
    const some = Array.isArray(valid) && valid.length > 0 ? valid : manyOf(schema, 1, seen)
    const value = some && [...some, some[0]]
    all.push({ what: 'twice the same', value, says: 'Duplicate value', at: [some?.length ?? 1] })
  }
  return all
}

function wrongMap(schema: Schema, valid: unknown): Violation[] {
  const { properties, additionalProperties, maxProperties, minProperties = 0 } = schema
  const all: Violation[] = []
  if (properties && !additionalProperties && !schema['x-kubernetes-preserve-unknown-fields'])
    all.push({
      what: 'a field that is none',
      value: { ...(isMap(valid) ? valid : {}), noSuchField: true },
      says: 'unknown field',
      at: ['noSuchField'],
    })
  if (maxProperties !== undefined)
    all.push({
      what: 'too many entries',
      value: Object.fromEntries(
        Array.from({ length: maxProperties + 1 }, (_, index) => [
          `k${index}`,
          Object.values(isMap(valid) ? valid : {})[0] ?? 'a',
        ]),
      ),
      says: 'Too many',
    })
  if (minProperties > 0)
    all.push({ what: 'too few entries', value: {}, says: 'should have at least' })
  return all
}

/** The values that are there and look as if they were not, and that a schema takes. */
export function emptiesOf(schema: Schema): unknown[] {
  const { enum: words, minimum = 0, maximum = 0, minItems = 0, minProperties = 0 } = schema
  switch (schema.type) {
    case 'boolean':
      return words ? [] : [false]
    case 'integer':
    case 'number':
      return words || minimum > 0 || maximum < 0 ? [] : [0]
    case 'array':
      return minItems > 0 ? [] : [[]]
    case 'object':
      return (schema.required ?? []).some(
        name => schema.properties?.[name]?.default === undefined,
      ) ||
        minProperties > 0 ||
        schema['x-kubernetes-embedded-resource']
        ? []
        : [{}]
    case 'string':
      return words || schema.format || schema.minLength || !matches(schema.pattern ?? '', '')
        ? []
        : ['']
    default:
      return []
  }
}

const quoted = (value: unknown) => JSON.stringify(value)
