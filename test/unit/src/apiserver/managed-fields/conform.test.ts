import t from 'tap'
import type { OpenApiSchema } from '#src/apiserver/resource.ts'
import { conform, Unfit } from '#src/apiserver/managed-fields/conform.ts'
import { typeOfSchema } from '#src/apiserver/managed-fields/type-of-schema.ts'

const item: OpenApiSchema = {
  type: 'object',
  properties: { name: { type: 'string' }, value: { type: 'integer' } },
}
const atom = typeOfSchema({
  type: 'object',
  properties: {
    text: { type: 'string' },
    number: { type: 'integer' },
    flag: { type: 'boolean' },
    when: { type: 'string', format: 'date-time' },
    list: { type: 'array', items: item },
    set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    map: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: item,
    },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
  },
})
const problem = (value: unknown, duplicates = false): string => {
  try {
    conform(value, atom, { duplicates })
    return ''
  } catch (error) {
    if (error instanceof Unfit) return error.message
    throw error
  }
}

t.test('takes what fits, and nulls everywhere', async t => {
  t.equal(
    problem({
      text: 'a',
      number: 1.5,
      flag: true,
      when: 1,
      list: [{ value: 1 }],
      labels: { a: 'b' },
    }),
    '',
  )
  t.equal(problem({ text: null, list: null, labels: null, set: ['a', 'b'] }), '')
  t.equal(problem({ set: ['a', 'a'] }, true), '')
})

const cases: [unknown, string][] = [
  [{ text: 1 }, '.text: expected string, got &value.valueUnstructured{Value:1}'],
  [{ number: 'a' }, '.number: expected numeric (int or float), got string'],
  [{ flag: 1 }, '.flag: expected boolean, got &{1}'],
  [{ when: {} }, '.when: expected any scalar, got &{map[]}'],
  [{ list: 'a' }, '.list: expected list, got &{a}'],
  [{ list: [{ value: '1' }] }, '.list[0].value: expected numeric (int or float), got string'],
  [{ labels: [] }, '.labels: expected map, got &{[]}'],
  [{ colour: 1 }, '.colour: field not declared in schema'],
  [{ set: ['a', 'a'] }, '.set: duplicate entries for key [="a"]'],
  [{ set: [1] }, '.set[=1]: expected string, got &value.valueUnstructured{Value:1}'],
  [
    { map: [{ name: 'a' }, { name: 'a' }, null, { name: 'b' }] },
    'errors:\n  .map: duplicate entries for key [name="a"]\n  .map: element 2: associative list with keys may not have a null element',
  ],
  [1, 'expected map, got &{1}'],
]
for (const [value, message] of cases)
  t.test(`refuses ${JSON.stringify(value)}`, async t => {
    t.equal(problem(value), message)
  })
