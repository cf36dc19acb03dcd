import type { Schema } from '#hack/gen/definitions.ts'
import { isMap } from './fields.ts'

/** Words that match one pattern or another. */
const WORDS = [
  'sample',
  'Sample',
  'SAMPLE',
  'refs/heads/main',
  'https://example.com/',
  'https://example.com',
  'jane@example.com',
  'sample/sample',
  'registry.example/sample',
  '1',
  '1.0.0',
  'v1',
  '1h',
  '100m',
  '50%',
  'sample.md',
  'sample:1',
  '10.0.0.0/8',
  '0 0 * * *',
  '2026-11-21T12:00:00Z',
  '00000000-0000-4000-8000-000000000000',
  '0'.repeat(40),
  `sha256:${'0'.repeat(64)}`,
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGz0sYbVcWc3L4t0n0Gm2cQ0n3j2bq3p9r6c0kq1zv1C',
]

/** What each pattern was seen to match. */
export type Seen = ReadonlyMap<string, readonly string[]>

/** A value that a schema takes and that says as little as it can, or undefined where none is known. */
export function sampleOf(schema: Schema, seen: Seen): unknown {
  if (schema.default !== undefined) return schema.default
  if (schema.enum) return schema.enum.find(word => word !== '')
  if (schema['x-kubernetes-int-or-string']) return 1
  if (schema['x-kubernetes-embedded-resource'])
    return { apiVersion: 'v1', kind: 'Sample', metadata: { name: 'sample' } }
  switch (schema.type) {
    case 'boolean':
      return false
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 0, Math.min(0, schema.maximum ?? 0))
    case 'array':
      return manyOf(schema, schema.minItems ?? 0, seen)
    case 'object': {
      const needed = schema.required ?? []
      const object: Record<string, unknown> = {}
      for (const name of needed) object[name] = sampleOf(schema.properties?.[name] ?? {}, seen)
      return Object.values(object).includes(undefined) ? undefined : object
    }
    case 'string':
      return stringOf(schema, seen)
    default:
      return {}
  }
}

/** So many items for a list, none like another. Their own limits they may break. */
export function manyOf(schema: Schema, count: number, seen: Seen): unknown[] | undefined {
  const sample = sampleOf(schema.items ?? {}, seen)
  if (sample === undefined) return undefined
  return Array.from({ length: count }, (_, index) => (index === 0 ? sample : varied(sample, index)))
}

/** The same with all its words and numbers changed. */
function varied(value: unknown, index: number): unknown {
  if (typeof value === 'string') return `${value}${index}`
  if (typeof value === 'number') return value + index
  if (Array.isArray(value)) return value.map(item => varied(item, index))
  if (isMap(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, varied(item, index)]),
    )
  return value
}

function stringOf(schema: Schema, seen: Seen): string | undefined {
  const { minLength = 0, maxLength = Infinity } = schema
  const fits = (word: string) =>
    word.length >= minLength &&
    word.length <= maxLength &&
    (schema.pattern === undefined || matches(schema.pattern, word)) &&
    (schema.format === undefined || FORMATS[schema.format]?.test(word) !== false)
  return [...(seen.get(schema.pattern ?? '') ?? []), ...WORDS].find(fits)
}

const FORMATS: Record<string, RegExp> = {
  'date-time': /^\d{4}-\d\d-\d\dT/,
  date: /^\d{4}-\d\d-\d\d$/,
  uri: /^https:/,
  email: /@/,
  uuid: /^[\da-f]{8}-/,
  cidr: /^[\d.]+\/\d+$/,
  duration: /^\d+[hms]$/,
}

export const matches = (pattern: string, word: string): boolean =>
  new RegExp(pattern, 'u').test(word)

/** What the patterns of a schema match in an object of it. */
export function seenIn(schema: Schema, value: unknown, seen: Map<string, string[]>): void {
  if (typeof value === 'string' && schema.pattern) {
    const words = seen.get(schema.pattern) ?? []
    if (!words.includes(value)) seen.set(schema.pattern, [...words, value])
  }
  if (Array.isArray(value)) for (const item of value) seenIn(schema.items ?? {}, item, seen)
  if (!isMap(value)) return
  const { properties = {}, additionalProperties } = schema
  for (const [key, item] of Object.entries(value))
    seenIn(
      properties[key] ?? (typeof additionalProperties === 'object' ? additionalProperties : {}),
      item,
      seen,
    )
}
