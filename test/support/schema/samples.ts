import type { Schema } from '#hack/gen/definitions.ts'
import { patternOf } from '#src/lib/schema/pattern.ts'
import type { Dice } from '../fuzz/dice.ts'

/** Words that fit one pattern or another of the definitions, and some that fit none. */
const WORDS = [
  'a',
  'acme',
  'app-2',
  'main',
  'refs/heads/main',
  'refs/heads/*',
  'jane@example.com',
  'https://login.example.com/path',
  '2026-01-31T12:00:00Z',
  '10m',
  '500Mi',
  'one',
  'never',
  'fixed',
  'keep',
  '10.0.0.1',
  '010.0.0.1/8',
  '::1',
  'fe80::1%eth0',
  '2001:db8::/32',
  '3 days',
  'YQ==',
  '123e4567-e89b-42d3-a456-426614174000',
  '1.2.3',
  'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  'a/b',
  'A.b_c-D',
  'kradle-org-acme',
]

/** A value that the schema would mostly take. */
export function sampleOf(schema: Schema, dice: Dice, depth = 0): unknown {
  if (schema.enum && schema.enum.length > 0) return dice.pick(schema.enum)
  if (schema['x-kubernetes-int-or-string']) return dice.pick([1, '50%', 0, 'all'])
  switch (schema.type) {
    case 'object':
      return fieldsOf(schema, dice, depth)
    case 'array':
      return Array.from({ length: dice.below(3) }, () => sampleOf(schema.items!, dice, depth + 1))
    case 'integer':
    case 'number':
      return (schema.minimum ?? 0) + dice.below(Math.min(10, (schema.maximum ?? 1000) + 1))
    case 'boolean':
      return dice.chance(0.5)
    default:
      return textOf(schema, dice)
  }
}

function fieldsOf(schema: Schema, dice: Dice, depth: number): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  const required = new Set(schema.required)
  for (const [name, field] of Object.entries(schema.properties ?? {}))
    if (required.has(name) || dice.chance(depth < 3 ? 0.5 : 0.2))
      fields[name] = sampleOf(field, dice, depth + 1)
  if (typeof schema.additionalProperties === 'object')
    for (let i = dice.below(3); i > 0; i -= 1)
      fields[dice.pick(['a', 'b', 'x/y', 'with.dot'])] = sampleOf(
        schema.additionalProperties,
        dice,
        depth + 1,
      )
  return fields
}

function textOf({ format, pattern, minLength = 0, maxLength = 1000 }: Schema, dice: Dice): string {
  if (format === 'date-time') return '2026-01-31T12:00:00Z'
  const fitting = WORDS.filter(
    word =>
      (!pattern || patternOf(pattern).test(word)) &&
      word.length >= minLength &&
      word.length <= maxLength,
  )
  return fitting.length > 0 ? dice.pick(fitting) : 'x'.repeat(Math.max(minLength, 1))
}
