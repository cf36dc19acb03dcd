import t from 'tap'
import type { Definition, Schema } from '#hack/gen/definitions.ts'
import { kindListOf, moduleOf, typeOf, typesOf } from '#hack/gen/types.ts'

const gadget: Definition = {
  file: 'crds/x/gadgets.yaml',
  context: 'x',
  stored: 'etcd',
  scope: 'org',
  group: 'kradle.a5c.ai',
  version: 'v1alpha1',
  kind: 'Gadget',
  plural: 'gadgets',
  shortNames: [],
  references: [{ path: 'spec.a', kind: 'Gadget', onMissing: 'deny' }],
  schema: { description: 'A gadget.' },
}

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
  const spec: Schema = { type: 'object', properties: { a: { type: 'string' } } }
  const other = { ...gadget, kind: 'Other', references: [], schema: { properties: { spec } } }
  const source = typesOf([gadget, other])
  t.match(source, '  spec: {\n    a?: string\n  }\n')
  t.match(source, '/** A gadget. */\nexport interface Gadget extends KubernetesObject {')
  t.match(source, 'export const Gadget = Object.freeze<Kind<Gadget>>({')
  t.match(source, "{ path: 'spec.a', kind: 'Gadget', onMissing: 'deny' },")
  t.match(kindListOf([gadget]), "import { Gadget } from './x/v1alpha1.ts'")
})

t.test('a status of its own comes on top of what every kind reports', async t => {
  const status: Schema = {
    type: 'object',
    properties: { phase: { type: 'string' }, due: { type: 'string' } },
  }
  t.match(
    typesOf([{ ...gadget, schema: { properties: { status } } }]),
    '  status?: Status & {\n    due?: string\n  }\n}',
  )
  delete status.properties!['due']
  t.match(typesOf([{ ...gadget, schema: { properties: { status } } }]), '  status?: Status\n}')
})

t.test('kinds of several contexts are imported from each', async t => {
  const other = { ...gadget, context: 'y-z', kind: 'Other' }
  const list = kindListOf([gadget, other])
  t.match(
    list,
    "import { Gadget } from './x/v1alpha1.ts'\nimport { Other } from './y-z/v1alpha1.ts'\n",
  )
  t.match(list, 'Object.freeze([Gadget, Other])')
  t.match(list, 'activityKinds: readonly Kind[] = Object.freeze([])')
})

t.test('activity has types and a list of its own, whatever its context', async t => {
  const activity: Definition = { ...gadget, stored: 'postgres', kind: 'Record' }
  const list = kindListOf([activity, gadget])
  t.match(list, "import { Record } from './activity/v1alpha1.ts'\n")
  t.match(list, "import { Gadget } from './x/v1alpha1.ts'\n")
  t.match(list, 'export const kinds: readonly Kind[] = Object.freeze([Gadget])')
  t.match(list, 'export const activityKinds: readonly Kind[] = Object.freeze([Record])')
})

t.test('a list too long for a line has one kind a line', async t => {
  const many = ['First', 'Second'].map(name => ({ ...gadget, kind: name.padEnd(40, 'x') }))
  const lines = many.map(({ kind }) => `  ${kind},\n`).join('')
  const list = kindListOf(many)
  t.match(list, `import {\n${lines}} from './x/v1alpha1.ts'\n`)
  t.match(list, `Object.freeze([\n${lines}])\n`)
})

t.test('a review has a status that is all its own', async t => {
  const status: Schema = {
    type: 'object',
    required: ['allowed'],
    properties: { allowed: { type: 'boolean' } },
  }
  const review: Definition = { ...gadget, stored: 'nowhere', schema: { properties: { status } } }
  t.equal(moduleOf(review), 'reviews')
  const source = typesOf([review])
  t.match(source, '  status?: {\n    allowed: boolean\n  }\n}')
  t.match(source, "import type { KubernetesObject } from '../object.ts'")
  t.match(typesOf([{ ...review, schema: {} }]), '  status?: unknown\n')
})
