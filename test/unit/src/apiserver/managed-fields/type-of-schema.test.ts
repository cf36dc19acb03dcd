import t from 'tap'
import type { OpenApiSchema } from '#src/apiserver/resource.ts'
import { DEDUCED, UNTYPED } from '#src/apiserver/managed-fields/type.ts'
import { typeOfSchema } from '#src/apiserver/managed-fields/type-of-schema.ts'

const of = (schema: OpenApiSchema) =>
  typeOfSchema({ type: 'object', properties: { x: schema } }).map!.fields.get('x')!

t.test('knows scalars', async t => {
  const scalars: [OpenApiSchema, string][] = [
    [{ type: 'integer' }, 'numeric'],
    [{ type: 'number' }, 'numeric'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: 'string' }, 'string'],
    [{ type: 'string', format: 'byte' }, 'string'],
    [{ type: 'string', format: '' }, 'string'],
    [{ type: 'string', format: 'date-time' }, 'untyped'],
  ]
  for (const [schema, scalar] of scalars) t.strictSame(of(schema).type, { scalar })
})

t.test('lists are atomic unless the schema says otherwise', async t => {
  const items: OpenApiSchema = { type: 'string' }
  t.match(of({ type: 'array', items }).type.list, { atomic: true, keys: [] })
  t.match(of({ type: 'array', items, 'x-kubernetes-list-type': 'set' }).type.list, {
    atomic: false,
    keys: [],
  })
  t.match(
    of({
      type: 'array',
      items,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['a'],
    }).type.list,
    { atomic: false, keys: ['a'] },
  )
  t.match(of({ type: 'array', items, 'x-kubernetes-list-type': 'map' }).type.list, { keys: [] })
  t.equal(of({ type: 'array' }).type.list!.element, UNTYPED)
})

t.test('maps are granular unless the schema says otherwise', async t => {
  t.match(of({ type: 'object' }).type.map, { atomic: false, element: DEDUCED })
  t.match(of({ type: 'object', 'x-kubernetes-map-type': 'atomic' }).type.map, { atomic: true })
  t.strictSame(of({ type: 'object', additionalProperties: { type: 'string' } }).type.map!.element, {
    scalar: 'string',
  })
  t.equal(of({ type: 'object', additionalProperties: true }).type.map!.element, DEDUCED)
  t.equal(of({ type: 'object', additionalProperties: false }).type.map!.element, undefined)
  t.equal(
    of({ type: 'object', properties: { a: { type: 'string' } } }).type.map!.element,
    undefined,
  )
})

t.test('what keeps unknown fields keeps them everywhere below', async t => {
  const loose = of({
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
    properties: { a: { type: 'object', properties: { b: { type: 'string' } } } },
  })
  t.equal(loose.type.map!.element, DEDUCED)
  t.equal(loose.type.map!.fields.get('a')!.type.map!.element, DEDUCED)
})

t.test('a schema without a type takes anything', async t => {
  t.match(of({ 'x-kubernetes-int-or-string': true }).type, { scalar: 'untyped', list: {}, map: {} })
  t.match(of({ type: '' }).type, { scalar: 'untyped' })
})

t.test('objects in objects have metadata', async t => {
  const embedded = of({ type: 'object', 'x-kubernetes-embedded-resource': true })
  t.strictSame([...embedded.type.map!.fields.keys()], ['apiVersion', 'kind', 'metadata'])
  t.strictSame(
    [...typeOfSchema({ type: 'object' }).map!.fields.keys()],
    ['apiVersion', 'kind', 'metadata'],
  )
})

t.test('defaults are known, for keys', async t => {
  t.equal(of({ type: 'string', default: 'a' }).default, 'a')
})
