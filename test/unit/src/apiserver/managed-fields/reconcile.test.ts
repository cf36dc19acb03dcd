import t from 'tap'
import type { OpenApiSchema } from '#src/apiserver/resource.ts'
import { decodeFields, encodeFields } from '#src/apiserver/managed-fields/fields-v1.ts'
import { reconcile } from '#src/apiserver/managed-fields/reconcile.ts'
import { typeOfSchema } from '#src/apiserver/managed-fields/type-of-schema.ts'

const under = (properties: Record<string, OpenApiSchema>, fields: object) =>
  encodeFields(reconcile(decodeFields(fields), typeOfSchema({ type: 'object', properties })))
const text: OpenApiSchema = { type: 'string' }
const granular = { 'f:x': { 'f:a': {}, '.': {} }, 'f:y': {} }

t.test('leaves what fits the schema', async t => {
  const properties: Record<string, OpenApiSchema> = {
    x: { type: 'object', properties: { a: text } },
    y: text,
    list: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
  }
  const fields = { ...granular, 'f:list': { 'v:"a"': {} }, 'f:unknown': {} }
  t.strictSame(under(properties, fields), fields)
})

t.test('whoever had something of what became atomic has all of it', async t => {
  t.strictSame(
    under(
      {
        x: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: text } },
        y: text,
      },
      granular,
    ),
    { 'f:x': {}, 'f:y': {} },
  )
  t.strictSame(
    under({ x: { type: 'array', items: text } }, { 'f:x': { 'v:"a"': {}, 'v:"b"': {} } }),
    { 'f:x': {} },
  )
})

t.test('what is owned as a whole stays so', async t => {
  const properties: Record<string, OpenApiSchema> = {
    x: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: text } },
    y: { type: 'array', items: text },
  }
  t.strictSame(under(properties, { 'f:x': {}, 'f:y': {} }), { 'f:x': {}, 'f:y': {} })
})

t.test('does not look into what the schema says nothing of', async t => {
  const fields = { 'f:x': { 'f:a': { 'f:b': {} } } }
  t.strictSame(under({ x: { type: 'object' } }, fields), fields)
  t.strictSame(
    under(
      { x: { type: 'object', additionalProperties: { 'x-kubernetes-int-or-string': true } } },
      fields,
    ),
    fields,
  )
  t.strictSame(under({ x: { type: 'object', additionalProperties: text } }, fields), fields)
})

t.test('an index of a list that has keys now is nobody of the schema', async t => {
  const list: OpenApiSchema = { type: 'object', properties: { a: text } }
  t.strictSame(under({ x: list }, { 'f:x': { 'v:1': {} } }), { 'f:x': { 'v:1': {} } })
})
