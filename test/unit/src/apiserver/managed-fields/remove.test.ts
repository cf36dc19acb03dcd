import t from 'tap'
import { decodeFields } from '#src/apiserver/managed-fields/fields-v1.ts'
import { remove } from '#src/apiserver/managed-fields/remove.ts'
import { typeOfSchema } from '#src/apiserver/managed-fields/type-of-schema.ts'

const atom = typeOfSchema({
  type: 'object',
  properties: {
    a: { type: 'string' },
    map: { type: 'object', additionalProperties: { type: 'string' } },
    list: { type: 'array', items: { type: 'string' } },
    items: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', properties: { k: { type: 'string' }, v: { type: 'string' } } },
    },
  },
})
const without = (value: object, fields: object) => remove(value, decodeFields(fields), atom)

t.test('takes fields and items away', async t => {
  const object = {
    a: '1',
    map: { x: '1', y: '1' },
    items: [{ k: 'a', v: '1' }, { k: 'b' }, { k: 'c' }],
  }
  t.strictSame(
    without(object, {
      'f:a': {},
      'f:map': { 'f:x': {} },
      'f:items': { 'k:{"k":"a"}': { 'f:v': {} }, 'k:{"k":"b"}': {} },
    }),
    { map: { y: '1' }, items: [{ k: 'a' }, { k: 'c' }] },
  )
})

t.test('what nothing is left of becomes null', async t => {
  t.strictSame(without({ a: '1', map: { x: '1' } }, { 'f:map': { 'f:x': {} } }), {
    a: '1',
    map: null,
  })
  t.strictSame(without({ items: [{ k: 'a' }] }, { 'f:items': { 'k:{"k":"a"}': {} } }), {
    items: null,
  })
  t.strictSame(without({ list: ['x'] }, { 'f:list': { 'i:0': {} } }), { list: null })
  t.strictSame(without({ map: null }, { 'f:map': { 'f:x': {} } }), { map: null })
  t.equal(without({ a: '1' }, { 'f:a': {} }), null)
})

t.test('scalars have nothing below them', async t => {
  t.strictSame(without({ a: '1' }, { 'f:a': { 'f:b': {} } }), { a: '1' })
})
