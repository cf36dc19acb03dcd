import t from 'tap'
import { compileSchema } from '#src/lib/schema/compile.ts'
import { dropNulls, fillIn } from '#src/lib/schema/default.ts'

const text = { type: 'string' }
const withDefault = { ...text, default: 'x' }
const nullable = { ...withDefault, nullable: true }

function filled(schema: unknown, value: unknown): unknown {
  const copy = value === undefined ? {} : { value: structuredClone(value) }
  fillIn(copy, compileSchema({ type: 'object', properties: { value: schema } }))
  return (copy as { value?: unknown }).value
}

t.test('fills in what is left out or null, and what that leaves out', async t => {
  const object = {
    type: 'object',
    default: {},
    properties: {
      a: withDefault,
      b: nullable,
      c: text,
      d: { type: 'object', properties: { a: withDefault } },
    },
  }
  t.strictSame(filled(object, undefined), { a: 'x', b: 'x' })
  t.strictSame(filled(object, { a: null, b: null, c: null, d: {} }), {
    a: 'x',
    b: null,
    c: null,
    d: { a: 'x' },
  })
  t.strictSame(filled(object, { a: '', b: 0 }), { a: '', b: 0 })
  t.equal(filled(object, 'scalar'), 'scalar')
})

t.test('looks into lists and maps', async t => {
  t.strictSame(filled({ type: 'array', items: withDefault }, [null, 'a']), ['x', 'a'])
  t.strictSame(filled({ type: 'array', items: text }, [null]), [null])
  t.strictSame(filled({ type: 'object', additionalProperties: withDefault }, { a: null, b: 'c' }), {
    a: 'x',
    b: 'c',
  })
  t.strictSame(filled({ type: 'object', additionalProperties: true }, { a: null }), { a: null })
  t.strictSame(filled(text, ['a', null]), ['a', null])
})

t.test('defaults are copies', async t => {
  const node = compileSchema({
    type: 'object',
    properties: { a: { type: 'object', default: { b: {} } } },
  })
  const [one, two] = [{}, {}] as [{ a?: { b?: unknown } }, { a?: { b?: unknown } }]
  fillIn(one, node)
  fillIn(two, node)
  t.not(one.a, two.a)
})

t.test('drops nulls that may not be and have no default, but not from lists', async t => {
  const node = compileSchema({
    type: 'object',
    properties: {
      a: text,
      b: withDefault,
      c: nullable,
      list: { type: 'array', items: { type: 'object', properties: { a: text } } },
      map: { type: 'object', additionalProperties: text },
      all: { type: 'object', additionalProperties: true },
    },
  })
  const object = {
    a: null,
    b: null,
    c: null,
    d: null,
    list: [null, { a: null }],
    map: { a: null },
    all: { a: null, b: [{ c: null }] },
    e: { a: null },
  }
  dropNulls(object, node)
  t.strictSame(object, {
    b: null,
    c: null,
    d: null,
    list: [null, {}],
    map: {},
    all: { a: null, b: [{ c: null }] },
    e: { a: null },
  })
  const all = { a: [null, { b: null }] }
  dropNulls(all, true)
  t.strictSame(all, { a: [null, { b: null }] })
  const list = [{ a: null }]
  dropNulls(list, true)
  t.strictSame(list, [{ a: null }])
})
