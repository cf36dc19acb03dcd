import t from 'tap'
import { largestOf } from '#hack/gen/size.ts'

const sizes: [name: string, schema: Parameters<typeof largestOf>[0], bytes: number][] = [
  ['any text', { type: 'string', maxLength: 10 }, 62],
  ['ASCII', { type: 'string', maxLength: 10, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' }, 12],
  ['escaped punctuation', { type: 'string', maxLength: 10, pattern: '^a\\.b$' }, 12],
  ['a dot, which is any character', { type: 'string', maxLength: 10, pattern: '^.*$' }, 62],
  ['a negated set', { type: 'string', maxLength: 10, pattern: '^[^a]*$' }, 62],
  ['everything but whitespace', { type: 'string', maxLength: 10, pattern: '^\\S+$' }, 62],
  [
    'an alternative, which is anchored at one end',
    { type: 'string', maxLength: 10, pattern: '^a|b$' },
    62,
  ],
  ['a pattern for a part', { type: 'string', maxLength: 10, pattern: 'a' }, 62],
  ['no limit', { type: 'string' }, Infinity],
  ['a date', { type: 'string', format: 'date-time' }, 64],
  ['a word of a list', { type: 'string', enum: ['a', 'long'] }, 6],
  ['a number', { type: 'integer' }, 32],
  ['a port or its name', { 'x-kubernetes-int-or-string': true, maxLength: 15 }, 92],
  ['a list', { type: 'array', maxItems: 3, items: { type: 'boolean' } }, 3 * 36 + 2],
  ['a list of anything', { type: 'array', maxItems: 3 }, Infinity],
  ['a list without end', { type: 'array', items: { type: 'boolean' } }, Infinity],
  ['fields', { type: 'object', properties: { ab: { type: 'integer' } } }, 2 + 2 + 4 + 32],
  ['no fields', { type: 'object' }, 2],
  ['a map', { type: 'object', additionalProperties: { type: 'integer' } }, Infinity],
  ['foreign', { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, Infinity],
]

for (const [name, schema, bytes] of sizes)
  t.test(name, async t => t.equal(largestOf(schema), bytes))
