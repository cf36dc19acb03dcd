import t from 'tap'
import { encodeFields } from '#src/apiserver/managed-fields/fields-v1.ts'
import { setOf } from '#src/apiserver/managed-fields/set-of.ts'
import { typeOfSchema } from '#src/apiserver/managed-fields/type-of-schema.ts'

const atom = typeOfSchema({
  type: 'object',
  properties: {
    a: { type: 'string' },
    map: { type: 'object', additionalProperties: { type: 'string' } },
    known: { type: 'object', properties: { x: { type: 'string' } } },
    whole: { type: 'object', 'x-kubernetes-map-type': 'atomic' },
    list: { type: 'array', items: { type: 'string' } },
    set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
  },
})
const fields = (value: object) => encodeFields(setOf(value, atom))

t.test('holds leaves, items and fields that the schema has no name for', async t => {
  t.strictSame(
    fields({
      a: '1',
      map: { x: '1' },
      known: { x: '1' },
      whole: { y: 1 },
      list: ['a'],
      set: ['a', 'b', 'b', 'b'],
    }),
    {
      'f:a': {},
      'f:known': { 'f:x': {} },
      'f:list': {},
      'f:map': { 'f:x': {} },
      'f:set': { 'v:"a"': {}, 'v:"b"': {} },
      'f:whole': {},
    },
  )
})

t.test('holds empty maps and nulls, and of empty lists the atomic ones', async t => {
  t.strictSame(fields({ a: null, map: {}, known: {}, list: [], set: [] }), {
    'f:a': {},
    'f:known': {},
    'f:list': {},
    'f:map': {},
  })
})
