import t from 'tap'
import type { Definition, Schema } from '#hack/gen/definitions.ts'
import { kindListOf, typeOf, typesOf } from '#hack/gen/types.ts'

const cases: Record<string, [Schema, string]> = {
  'an enum': [{ type: 'string', enum: ['a', 1] }, "'a' | 1"],
  'a list of an enum': [{ type: 'array', items: { enum: ['a', 'b'] } }, "('a' | 'b')[]"],
  'a list of strings': [{ type: 'array', items: { type: 'string' } }, 'string[]'],
  'a list of anything': [{ type: 'array' }, 'unknown[]'],
  'a number': [{ type: 'integer' }, 'number'],
  'a number or text': [{ 'x-kubernetes-int-or-string': true }, 'number | string'],
  'text or nothing': [{ type: 'string', nullable: true }, 'string | null'],
  'a map of booleans': [
    { type: 'object', additionalProperties: { type: 'boolean' } },
    'Record<string, boolean>',
  ],
  'an open map': [{ type: 'object' }, 'Record<string, unknown>'],
  anything: [{}, 'unknown'],
}
for (const [name, [schema, want]] of Object.entries(cases))
  t.test(name, async t => {
    t.equal(typeOf(schema, ''), want)
  })

t.test('a field is there when it is required or has a default', async t => {
  const schema: Schema = {
    type: 'object',
    required: ['a'],
    properties: {
      a: { type: 'string', description: 'First.' },
      b: { type: 'boolean', default: false },
      c: { type: 'number' },
    },
  }
  t.equal(typeOf(schema, ''), '{\n  /** First. */\n  a: string\n  b: boolean\n  c?: number\n}')
  t.equal(typeOf({ properties: {}, type: 'object' }, ''), '{\n}')
})

t.test('a definition becomes an interface and a constant of the same name', async t => {
  const definition: Definition = {
    file: 'crds/x/gadgets.yaml',
    context: 'x',
    scope: 'org',
    group: 'kradle.a5c.ai',
    version: 'v1alpha1',
    kind: 'Gadget',
    plural: 'gadgets',
    shortNames: [],
    references: [{ path: 'spec.a', kind: 'Gadget', onMissing: 'deny' }],
    schema: { description: 'A gadget.' },
  }
  const spec: Schema = { type: 'object', properties: { a: { type: 'string' } } }
  const other = { ...definition, kind: 'Other', references: [], schema: { properties: { spec } } }
  const source = typesOf([definition, other])
  t.match(source, '  spec: {\n    a?: string\n  }\n')
  t.match(source, '/** A gadget. */\nexport interface Gadget extends KubernetesObject {')
  t.match(source, 'export const Gadget = Object.freeze<Kind<Gadget>>({')
  t.match(source, "{ path: 'spec.a', kind: 'Gadget', onMissing: 'deny' },")
  t.match(kindListOf([definition]), "import { Gadget } from './x/v1alpha1.ts'")
})
