import t from 'tap'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import {
  definitionName,
  kindSchema,
  listSchema,
  refTo,
  type OpenApiVersion,
} from '#src/apiserver/discovery/openapi-schema.ts'
import { servedOf } from '#src/apiserver/discovery/served.ts'
import type { OpenApiSchema } from '#src/apiserver/resource.ts'

// That it is the same as what kube-apiserver publishes is for test/integration/activity-shape.test.ts to say.

const [opens, plain, specimen] = readDefinitions('test/fixtures/activity').map(servedOf)
const GVK = 'x-kubernetes-group-version-kind'

/** What becomes of a field. */
function fieldOf(field: OpenApiSchema, openApi: OpenApiVersion): unknown {
  const schema = { type: 'object', properties: { field } }
  const { properties } = kindSchema({ ...plain!, schema }, openApi)
  return (properties as Record<string, unknown>)['field']
}

t.test('names definitions by the group backwards', async t => {
  t.equal(definitionName(plain!), 'ai.a5c.kradle.activity.v1alpha1.Plain')
  t.equal(definitionName(plain!, 'PlainList'), 'ai.a5c.kradle.activity.v1alpha1.PlainList')
})

t.test('wraps a reference that has a description, in v3', async t => {
  t.strictSame(refTo('A', 'v2'), { $ref: '#/definitions/A' })
  t.strictSame(refTo('A', 'v2', 'one'), { $ref: '#/definitions/A', description: 'one' })
  t.strictSame(refTo('A', 'v3'), { $ref: '#/components/schemas/A' })
  t.strictSame(refTo('A', 'v3', 'one'), {
    description: 'one',
    allOf: [{ $ref: '#/components/schemas/A' }],
  })
})

t.test('gives every kind what every object has', async t => {
  const v3 = kindSchema(specimen!, 'v3')
  t.match(v3, {
    type: 'object',
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { allOf: Array },
    },
    [GVK]: [{ group: 'activity.kradle.a5c.ai', version: 'v1alpha1', kind: 'Specimen' }],
    'x-kubernetes-selectable-fields': [
      { fieldPath: 'spec.repository' },
      { fieldPath: 'spec.number' },
      { fieldPath: 'spec.draft' },
      { fieldPath: 'status.phase' },
    ],
  })
  t.notOk('x-kubernetes-selectable-fields' in kindSchema(plain!, 'v3'))
})

t.test('says nothing in v2 of a kind that takes anything', async t => {
  t.strictSame(Object.keys(kindSchema(opens!, 'v2')), [
    'type',
    GVK,
    'x-kubernetes-selectable-fields',
  ])
  t.match(kindSchema(opens!, 'v3'), { 'x-kubernetes-preserve-unknown-fields': true })
})

t.test('describes a list', async t => {
  t.match(listSchema(plain!, 'PlainList', 'v2'), {
    description: 'PlainList is a list of Plain',
    properties: {
      items: { items: { $ref: '#/definitions/ai.a5c.kradle.activity.v1alpha1.Plain' } },
    },
    [GVK]: [{ kind: 'PlainList' }],
  })
})

t.test('writes fields as each version wants them', async t => {
  const text = { type: 'string' }
  const nullable = { type: 'string', nullable: true }
  const open = { 'x-kubernetes-preserve-unknown-fields': true } as const
  const cases: readonly (readonly [field: OpenApiSchema, v3: unknown, v2: unknown])[] = [
    [
      { ...text, default: 'a', enum: ['a', ''] },
      { ...text, default: 'a', enum: ['a', ''] },
      { ...text, enum: ['a', ''] },
    ],
    [
      { ...text, description: '', nullable: false, minLength: 0 },
      { ...text, minLength: 0 },
      { ...text, minLength: 0 },
    ],
    [
      { ...text, default: '', example: '' },
      { ...text, default: '', example: '' },
      { ...text, example: '' },
    ],
    [{ type: 'object', required: [] }, { type: 'object' }, { type: 'object' }],
    [nullable, nullable, {}],
    [
      { 'x-kubernetes-int-or-string': true },
      { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
      { 'x-kubernetes-int-or-string': true },
    ],
    [
      { type: 'array', items: nullable },
      { type: 'array', items: nullable },
      { type: 'array', items: {} },
    ],
    [{ type: 'array', ...open }, { type: 'array', ...open }, open],
    [{ type: 'array' }, { type: 'array' }, {}],
    [
      { type: 'string', ...open },
      { type: 'string', ...open },
      { type: 'string', ...open },
    ],
    [
      { type: 'object', ...open, properties: { text } },
      { type: 'object', ...open, properties: { text } },
      open,
    ],
    [
      { type: 'object', required: ['a', 'b'], properties: { a: text, b: nullable } },
      { type: 'object', required: ['a', 'b'], properties: { a: text, b: nullable } },
      { type: 'object', required: ['a'], properties: { a: text, b: {} } },
    ],
    [
      { type: 'object', additionalProperties: true },
      { type: 'object', additionalProperties: true },
      { type: 'object', additionalProperties: true },
    ],
    [
      { type: 'object', required: ['a'], additionalProperties: nullable },
      { type: 'object', required: ['a'], additionalProperties: nullable },
      { type: 'object', additionalProperties: {} },
    ],
  ]
  for (const [field, v3, v2] of cases) {
    t.strictSame(fieldOf(field, 'v3'), v3, `v3 of ${JSON.stringify(field)}`)
    t.strictSame(fieldOf(field, 'v2'), v2, `v2 of ${JSON.stringify(field)}`)
  }
})

t.test('gives an object within an object what every object has', async t => {
  const embedded = { type: 'object', 'x-kubernetes-embedded-resource': true } as const
  const strict = { ...embedded, required: ['kind'], properties: { a: { type: 'string' } } }
  const open = { ...embedded, 'x-kubernetes-preserve-unknown-fields': true } as const
  for (const openApi of ['v2', 'v3'] as const)
    t.match(fieldOf(strict, openApi), {
      required: ['kind', 'apiVersion'],
      properties: { a: {}, apiVersion: {}, kind: {}, metadata: {} },
    })
  t.match(fieldOf(open, 'v3'), { required: ['kind', 'apiVersion'], properties: { kind: {} } })
  t.strictSame(fieldOf(open, 'v2'), {
    'x-kubernetes-embedded-resource': true,
    'x-kubernetes-preserve-unknown-fields': true,
  })
})
