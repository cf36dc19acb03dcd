import t from 'tap'
import { compileSchema } from '#src/lib/schema/compile.ts'
import { Correlation } from '#src/lib/schema/correlation.ts'
import { validate } from '#src/lib/schema/validate.ts'

/** What is said against a value of field `v`, without its name. */
function said(schema: object, value: unknown): string[] {
  const node = compileSchema({ type: 'object', properties: { v: schema } })
  return validate({ v: value }, node).map(({ field, message }) => {
    const at = field === 'v' ? '' : `${field}: `
    return at + message.replaceAll(/\bv in body/g, 'it')
  })
}
const text = { type: 'string' }
const int = { type: 'integer' }

t.test('types', async t => {
  const rows: [object, unknown, string[]][] = [
    [text, 'x', []],
    [text, 1, ['Invalid value: "integer": it must be of type string: "integer"']],
    [text, 1.5, ['Invalid value: "number": it must be of type string: "number"']],
    [text, true, ['Invalid value: "boolean": it must be of type string: "boolean"']],
    [text, [], ['Invalid value: "array": it must be of type string: "array"']],
    [text, {}, ['Invalid value: "object": it must be of type string: "object"']],
    [text, null, ['Invalid value: "null": it must be of type string: "null"']],
    [{ ...text, nullable: true }, null, []],
    [int, 7, []],
    [int, '7', ['Invalid value: "string": it must be of type integer: "string"']],
    [
      int,
      1.5,
      [
        'Invalid value: "number": it must be of type integer: "number"',
        '<nil>: Invalid value: "": Checked value must be of type integer (default format) in v',
      ],
    ],
    [
      { ...int, format: 'int64' },
      1e20,
      [
        'Invalid value: "float64": it must be of type int64: "float64"',
        '<nil>: Invalid value: "": Checked value must be of type integer with format int64 in v',
      ],
    ],
    [{ type: 'number' }, 7, []],
    [{ 'x-kubernetes-int-or-string': true }, 7, []],
    [{ 'x-kubernetes-int-or-string': true }, 'x', []],
    [
      { 'x-kubernetes-int-or-string': true },
      true,
      ['Invalid value: "boolean": it must be of type integer,string: "boolean"'],
    ],
    [
      { 'x-kubernetes-int-or-string': true },
      null,
      ['Invalid value: "null": it must be of type integer,string: "null"'],
    ],
    [{ 'x-kubernetes-preserve-unknown-fields': true }, [1], []],
    [{ 'x-kubernetes-preserve-unknown-fields': true }, null, []],
  ]
  for (const [schema, value, expected] of rows)
    t.strictSame(said(schema, value), expected, JSON.stringify([schema, value]))
})

t.test('formats', async t => {
  const time = { type: 'string', format: 'date-time' }
  t.strictSame(said(time, '2026-01-31T12:00:00Z'), [])
  t.strictSame(said(time, 'so"on'), [
    String.raw`Invalid value: "so\"on": it must be of type date-time: "so\"on"`,
  ])
  t.strictSame(said(time, 1), ['Invalid value: "int64": it must be of type date-time: "int64"'])
  t.strictSame(said(time, {}), ['Invalid value: "": it must be of type date-time: ""'])
  t.strictSame(said(time, [1]), [], 'as the API server has it')
  const small = { type: 'integer', format: 'int32' }
  for (const value of [2147483647, -2147483648]) t.strictSame(said(small, value), [])
  for (const value of [2147483648, -2147483649])
    t.match(said(small, value), [/Checked value must be of type integer with format int32 in v/])
  t.strictSame(said({ type: 'number', format: 'float' }, 1e38), [])
  t.match(said({ type: 'number', format: 'float' }, 1e39), [/number with format float/])
})

t.test('texts', async t => {
  const limited = { ...text, minLength: 2, maxLength: 3, pattern: '^a' }
  t.strictSame(said(limited, 'aä😀'), [])
  t.strictSame(said(limited, 'abcd'), ['Too long: may not be more than 3 bytes'])
  t.strictSame(said(limited, 'b'), ['Invalid value: "b": it should be at least 2 chars long'])
  t.strictSame(said(limited, 'bb'), [`Invalid value: "bb": it should match '^a'`])
  t.strictSame(said({ ...text, pattern: '^a' }, 'ab'), [])
})

t.test('numbers', async t => {
  const range = { minimum: 1, maximum: 1000000 }
  t.strictSame(said({ ...int, ...range }, 1), [])
  t.strictSame(said({ ...int, ...range }, 0), [
    'Invalid value: 0: it should be greater than or equal to 1',
  ])
  t.strictSame(said({ ...int, ...range }, 1000001), [
    'Invalid value: 1000001: it should be less than or equal to 1000000',
  ])
  t.strictSame(said({ type: 'number', ...range }, 0.5), [
    'Invalid value: 0.5: it should be greater than or equal to 1',
  ])
  t.strictSame(said({ type: 'number', ...range }, 1000000.5), [
    'Invalid value: 1.0000005e+06: it should be less than or equal to 1e+06',
  ])
  const open = { ...int, ...range, exclusiveMinimum: true, exclusiveMaximum: true }
  t.strictSame(said(open, 2), [])
  t.strictSame(said(open, 1), ['Invalid value: 1: it should be greater than 1'])
  t.strictSame(said(open, 1000000), ['Invalid value: 1000000: it should be less than 1000000'])
  t.strictSame(said({ ...int, multipleOf: 5 }, 10), [])
  t.strictSame(said({ ...int, multipleOf: 5 }, 7), [
    'Invalid value: 7: it should be a multiple of 5',
  ])
  t.strictSame(said({ type: 'number', multipleOf: 0.5 }, 1.5), [])
  t.strictSame(said({ type: 'number', multipleOf: 0.5 }, 1.25), [
    'Invalid value: 1.25: it should be a multiple of 0.5',
  ])
  t.strictSame(said({ type: 'number', multipleOf: 0.5 }, 2), [
    'Invalid value: 0: factor MultipleOf declared for v must be positive: 0',
  ])
})

t.test('enums', async t => {
  const words = { ...text, enum: ['a', 'B'] }
  t.strictSame(said(words, 'a'), [])
  t.strictSame(said(words, 'b'), ['Unsupported value: "b": supported values: "a", "B"'])
  t.match(said(words, null), [/must be of type string: "null"/, /^Unsupported value: null: /])
  t.match(said(words, 66), [/must be of type string/], 'a number is the character of that code')
  t.match(said({ ...text, enum: ['Approved'] }, 65), [/must be of type/, /Unsupported value: 65/])
  t.match(said(words, 67), [/must be of type string/, /^Unsupported value: 67/])
  const numbers = { ...int, enum: [1, 2.5] }
  t.strictSame(said(numbers, 1), [])
  t.match(said(numbers, 2), [/^Unsupported value: 2: supported values: "1", "2\.5"$/])
  t.strictSame(said({ type: 'number', enum: [1, 2.5] }, 1.5), [], 'the fraction is cut')
  t.strictSame(said({ type: 'number', enum: [2.5] }, 2.5), [])
  t.strictSame(said({ type: 'boolean', enum: [true] }, false), [
    'Unsupported value: false: supported values: "true"',
  ])
})

t.test('lists', async t => {
  const list = { type: 'array', items: text, minItems: 1, maxItems: 2 }
  t.strictSame(said(list, ['a']), [])
  t.strictSame(said(list, []), ['Invalid value: 0: it should have at least 1 items'])
  t.strictSame(said(list, ['a', 'b', 'c']), ['Too many: 3: must have at most 2 items'])
  t.match(said(list, ['a', 1]), [
    /^v\[1\]: Invalid value: "integer": v\[1\] in body must be of type string/,
  ])
  t.strictSame(said(text, [1]).length, 1)
})

t.test('objects', async t => {
  const object = {
    type: 'object',
    required: ['a'],
    properties: { a: text },
    minProperties: 1,
    maxProperties: 1,
  }
  t.strictSame(said(object, { a: 'x' }), [])
  t.strictSame(said(object, {}), [
    'Invalid value: 0: it should have at least 1 properties',
    'v.a: Required value',
  ])
  t.strictSame(said(object, { a: 'x', b: 1 }), ['Too many: 2: must have at most 1 item'])
  const map = { type: 'object', additionalProperties: text }
  t.match(said(map, { 'k/l': 1 }), [/^v\.k\/l: Invalid value: "integer": v\.k\/l in body must/])
  t.strictSame(said({ type: 'object', additionalProperties: true }, { k: 1 }), [])
})

t.test('the object itself has no name', async t => {
  const node = compileSchema({ type: 'object', required: ['spec'], minProperties: 2 })
  t.strictSame(validate({ a: 1 }, node), [
    {
      field: '<nil>',
      reason: 'FieldValueInvalid',
      message: 'Invalid value: 1:  in body should have at least 2 properties',
    },
    { field: 'spec', reason: 'FieldValueRequired', message: 'Required value' },
  ])
  t.match(validate('x', node), [
    {
      field: '<nil>',
      message: 'Invalid value: "string":  in body must be of type object: "string"',
    },
  ])
})

t.test('what did not change is let through', async t => {
  const node = compileSchema({
    type: 'object',
    properties: {
      kind: { type: 'string', enum: ['X'] },
      a: { ...text, maxLength: 1 },
      b: { ...text, maxLength: 1 },
      list: { type: 'array', items: { ...text, maxLength: 1 } },
      map: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
        items: { type: 'object', properties: { k: text, v: { ...text, maxLength: 1 } } },
      },
    },
  })
  const fields = (value: object, old: object): string[] =>
    validate(value, node, '', new Correlation(value, old, node)).map(({ field }) => field)
  const old = {
    kind: 'Y',
    a: 'xx',
    b: 'y',
    list: ['xx'],
    map: [
      { k: '1', v: 'xx' },
      { k: '2', v: 'y' },
    ],
  }
  t.strictSame(fields({ ...old, b: 'z' }, old), ['kind'])
  t.strictSame(fields({ ...old, kind: 'X', a: 'zz', b: 'zz' }, old), ['a', 'b'])
  t.strictSame(fields({ ...old, kind: 'X', list: ['xx', 'z'] }, old), ['list[0]'])
  t.strictSame(
    fields(
      {
        ...old,
        kind: 'X',
        map: [
          { k: '2', v: 'yy' },
          { k: '1', v: 'xx' },
        ],
      },
      old,
    ),
    ['map[0].v'],
  )
})
