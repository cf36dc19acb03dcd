import t from 'tap'
import { compileSchema } from '#src/lib/schema/compile.ts'
import { duplicates } from '#src/lib/schema/list-types.ts'

const set = { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } }
const map = (...keys: string[]) => ({
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': keys,
  items: { type: 'object', properties: { name: { type: 'string' }, tags: set } },
})

const found = (schema: unknown, value: unknown): string[] =>
  duplicates(value, compileSchema(schema), 'at').map(({ field, message }) => `${field}: ${message}`)

t.test('names what is in a set again, once', async t => {
  t.strictSame(found(set, ['a', 'b', 'a', 'a', 1, '1']), ['at[2]: Duplicate value: "a"'])
  t.strictSame(
    found(set, [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ]),
    ['at[1]: Duplicate value: {"a":1,"b":2}'],
  )
  t.strictSame(found(set, []), [])
})

t.test('names items that share their keys', async t => {
  t.strictSame(found(map('name'), [{ name: 'a' }, { name: 'a', x: 1 }]), [
    'at[1]: Duplicate value: {"name":"a"}',
  ])
  t.strictSame(found(map('name'), [{}, null, { name: null }]), ['at[1]: Duplicate value: {}'])
  t.strictSame(
    found(map('name', 'zone'), [{ name: 'a', zone: 1 }, { name: 'a' }, { name: 'a', zone: 1 }]),
    ['at[2]: Duplicate value: {"name":"a","zone":1}'],
  )
  t.strictSame(found(map('name'), [{}, 'x']), [
    'at[1]: Invalid value: "x": must be an object for an array of list-type map',
  ])
})

t.test('looks everywhere', async t => {
  t.strictSame(found(map('name'), [{ name: 'a', tags: ['x', 'x'] }]), [
    'at[0].tags[1]: Duplicate value: "x"',
  ])
  t.strictSame(found({ type: 'object', additionalProperties: set }, { k: ['x', 'x'] }), [
    'at[k][1]: Duplicate value: "x"',
  ])
  t.strictSame(found({ type: 'object', additionalProperties: true }, { k: ['x', 'x'] }), [])
  t.strictSame(found({ type: 'object' }, { k: ['x', 'x'] }), [])
  t.strictSame(found(set, 'x'), [])
  t.strictSame(found({ type: 'string' }, [['x', 'x']]), [])
  t.strictSame(
    duplicates({ a: ['x', 'x'] }, compileSchema({ type: 'object', properties: { a: set } })).length,
    1,
  )
})
