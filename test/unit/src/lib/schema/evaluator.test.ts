import { globSync, readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { compile } from '#src/lib/schema/evaluator.ts'
import type { Definition } from '#src/lib/schema/definition.ts'

const pod = {
  type: 'object',
  'x-kubernetes-embedded-resource': true,
  'x-kubernetes-preserve-unknown-fields': true,
}
const properties = {
  spec: {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', maxLength: 3 },
      size: { type: 'integer', default: 1 },
      tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
      pod,
    },
    'x-kubernetes-validations': [{ rule: 'self.name != "bad"', message: 'bad' }],
  },
  status: { type: 'object', properties: { phase: { type: 'string' } } },
}

const definition = (
  scope = 'Namespaced',
  status: object = { status: {} },
  more = properties,
): Definition => ({
  spec: {
    group: 'example.com',
    scope,
    names: { kind: 'Thing' },
    versions: [
      {
        name: 'v1',
        schema: { openAPIV3Schema: { type: 'object', properties: more } },
        subresources: status,
      },
      { name: 'v2' },
    ],
  },
})
const thing = (spec: unknown, more: object = {}, metadata: object = {}) => ({
  apiVersion: 'example.com/v1',
  kind: 'Thing',
  metadata: { name: 'a', namespace: 'n', ...metadata },
  spec,
  ...more,
})
const { admit } = compile(definition())
const fieldsOf = ({ causes }: ReturnType<typeof admit>): string[] =>
  causes.map(({ field }) => field)

t.test('every definition of ours compiles', async t => {
  const files = globSync('crds/**/*.yaml')
  t.ok(files.length > 0)
  for (const file of files)
    t.doesNotThrow(() => compile(parse(readFileSync(file, 'utf8')) as Definition), file)
})

t.test('a version without a schema does not', async t => {
  t.throws(() => compile(definition(), 'v2'), /there is no schema of version v2/)
  t.throws(() => compile(definition(), 'v3'), /there is no schema of version v3/)
  t.throws(() => compile({ spec: { ...definition().spec, versions: [] } }), /of version any/)
  t.doesNotThrow(() => compile(definition(), 'v1'))
})

t.test('a create is filled in, pruned, and starts without a status', async t => {
  const object = thing(
    { name: 'x', extra: 1, tags: null },
    { status: { phase: 'A' }, more: 1 },
    { uid: 'u', extra: 1, labels: {} },
  )
  const before = structuredClone(object)
  t.strictSame(admit(object), {
    object: thing({ name: 'x', size: 1 }),
    strict: [
      'unknown field "metadata.extra"',
      'unknown field "more"',
      'unknown field "spec.extra"',
    ],
    causes: [],
  })
  t.strictSame(object, before, 'what is asked about is not changed')
  const { object: kept } = compile(definition('Namespaced', {})).admit(
    thing({ name: 'x' }, { status: { phase: 'A' } }),
  )
  t.strictSame(kept['status'], { phase: 'A' })
})

t.test(
  'says everything that is wrong, and asks rules of what has the right types alone',
  async t => {
    t.strictSame(fieldsOf(admit(thing({ name: 'bad' }, {}, { labels: { 'a b': '' } }))), [
      'metadata.labels',
      'spec',
    ])
    t.strictSame(fieldsOf(admit(thing({ name: 'long', tags: ['a', 'a'], pod: {} }))), [
      'spec.name',
      'spec.pod.apiVersion',
      'spec.pod.kind',
      'spec.tags[1]',
      '<nil>',
    ])
    const { spec } = properties
    const without = { ...properties, spec: { ...spec, 'x-kubernetes-validations': [] } }
    t.strictSame(
      fieldsOf(compile(definition('Namespaced', {}, without)).admit(thing({ name: 'long' }))),
      ['spec.name'],
    )
    t.strictSame(fieldsOf(compile(definition('Cluster')).admit(thing({ name: 'x' }))), [
      'metadata.namespace',
    ])
  },
)

t.test('a name may be made up', async t => {
  const generated = thing({ name: 'x' }, {}, { name: '', generateName: 'a-' })
  const verdict = admit(generated)
  t.strictSame(verdict.causes, [])
  t.strictSame(verdict.object['metadata'], { namespace: 'n', generateName: 'a-' })
  t.strictSame(fieldsOf(admit(thing({ name: 'x' }, {}, { name: '' }))), ['metadata.name', '<nil>'])
  const { metadata: _, ...nameless } = generated
  t.strictSame(fieldsOf(admit(nameless)), ['metadata.name', '<nil>'])
})

t.test('an update keeps what is stored of status and metadata', async t => {
  const old = thing(
    { name: 'x', size: 1 },
    { status: { phase: 'A' } },
    { uid: 'u', resourceVersion: '1', generation: 2 },
  )
  const { object, causes } = admit(
    thing({ name: 'y' }, { status: { phase: 'B' } }, { generation: 9 }),
    old,
  )
  t.strictSame(causes, [])
  t.strictSame(object['status'], { phase: 'A' })
  t.match(object['metadata'], { uid: 'u', resourceVersion: '1', generation: 2 })
  t.equal(
    admit(thing({ name: 'y' }, { status: { phase: 'B' } }), thing({ name: 'x' })).object['status'],
    undefined,
  )
  const kept = compile(definition('Namespaced', {})).admit(
    thing({ name: 'y' }, { status: { phase: 'B' } }),
    old,
  )
  t.strictSame(kept.object['status'], { phase: 'B' })
  t.strictSame(fieldsOf(admit(thing({ name: 'y' }, {}, { name: 'b' }), old)), ['metadata.name'])
})

t.test('what was wrong before may stay so', async t => {
  const old = thing({ name: 'long', tags: ['a', 'a'] })
  t.strictSame(fieldsOf(admit(thing({ name: 'long', tags: ['a', 'a', 'b'], size: 2 }), old)), [])
  t.strictSame(fieldsOf(admit(thing({ name: 'longer' }), old)), ['spec.name', '<nil>'])
  t.strictSame(fieldsOf(admit(thing({ name: 'x', tags: ['a', 'a'] }), thing({ name: 'x' }))), [
    'spec.tags[1]',
  ])
})

t.test('what cannot be read has no causes', async t => {
  const cannot: [unknown, RegExp][] = [
    ['x', /^the object must be an object$/],
    [{ ...thing({}), kind: 'Thin' }, /^kind "Thin" must be "Thing"$/],
    [{ ...thing({}), apiVersion: undefined }, /^apiVersion undefined must be "example\.com\/v1"$/],
    [thing({}, {}, { labels: 'x' }), /^metadata\.labels must be a map/],
    [thing({ pod: { metadata: 1 } }), /^spec\.pod\.metadata must be an object/],
  ]
  for (const [object, says] of cannot) {
    t.match(admit(object), { object: {}, causes: [], strict: [], undecodable: says })
    t.match(admit(thing({ name: 'x' }), object).undecodable, says)
  }
})

t.test('what goes wrong in the evaluator itself is not taken for the object', async t => {
  const cyclic: { self?: unknown } = {}
  cyclic.self = cyclic
  t.throws(() => admit(thing(cyclic)), /call stack/)
})

const evaluator = compile(definition())
const causesOf = (causes: ReturnType<typeof evaluator.createCauses>): string[] =>
  causes.map(({ field }) => field)

t.test('the first half decodes', async t => {
  t.strictSame(evaluator.decode(thing({ name: 'x', extra: 1 }, {}, { extra: 1 })), {
    object: thing({ name: 'x', size: 1 }),
    strict: ['unknown field "metadata.extra"', 'unknown field "spec.extra"'],
  })
  t.throws(() => evaluator.decode('x'), /^the object must be an object$/)
  t.throws(() => evaluator.decode(thing({}, {}, { name: 1 })), /^metadata\.name must be a string$/)
})

t.test('of what is of another type little is read', async t => {
  const other = { ...thing({ extra: 1 }, {}, { extra: 1 }), kind: 'Thin' }
  t.strictSame(evaluator.decode(other), {
    object: { ...other, metadata: { name: 'a', namespace: 'n' } },
    strict: ['unknown field "metadata.extra"'],
  })
  const { metadata, ...rest } = { ...thing({}), apiVersion: 'example.com/v2', more: 1 }
  t.strictSame(evaluator.decode(rest), {
    object: { apiVersion: 'example.com/v2', kind: 'Thing' },
    strict: ['unknown field "more"', 'unknown field "spec"'],
  })
  t.strictSame(evaluator.decode({ ...rest, metadata }).object['metadata'], metadata)
  t.strictSame(evaluator.decode({ kind: 'Thing', spec: 1 }).object, { kind: 'Thing', spec: 1 })
})

t.test('the second half says what is wrong with a new object', async t => {
  t.strictSame(causesOf(evaluator.createCauses(thing({ name: 'x' }))), [])
  t.strictSame(causesOf(evaluator.createCauses(thing({ name: 'bad' }, {}, { name: 'A' }))), [
    'metadata.name',
    'spec',
  ])
  const { kind: _, ...untyped } = thing({ name: 'long' })
  t.match(evaluator.createCauses({ ...untyped, apiVersion: 'v1' }), [
    { field: 'kind', message: 'Invalid value: "": must be Thing' },
    { field: 'apiVersion', message: 'Invalid value: "v1": must be example.com/v1' },
  ])
})

t.test('and with one in the place of another', async t => {
  const old = thing({ name: 'x' }, {}, { uid: 'u' })
  t.strictSame(causesOf(evaluator.updateCauses(old, old)), [])
  const next = thing({ name: 'long' }, {}, { uid: 'v', labels: { 'a b': '' } })
  t.strictSame(
    causesOf(evaluator.updateCauses(next, old)).toSorted(),
    [
      '<nil>',
      'metadata.labels',
      'metadata.labels',
      'metadata.labels',
      'metadata.uid',
      'metadata.uid',
      'spec.name',
    ],
    'of metadata as often as the API server does',
  )
  t.strictSame(causesOf(evaluator.updateCauses({ ...old, kind: 'Thin' }, old)), ['kind'])
  t.strictSame(fieldsOf(admit(next, old)), [
    'metadata.labels',
    'metadata.uid',
    'spec.name',
    '<nil>',
  ])
})

t.test('and with a status', async t => {
  const old = thing({ name: 'long' })
  const status = (value: unknown, more: object = {}) =>
    thing({ name: 'long' }, { status: value, ...more })
  t.strictSame(evaluator.statusCauses(old, old), [])
  t.strictSame(evaluator.statusCauses(status({ phase: 'A' }), old), [], 'its spec is not looked at')
  t.match(evaluator.statusCauses(status({ phase: 1 }), old)[0], {
    field: 'status.phase',
    message: 'Invalid value: "integer": phase in body must be of type string: "integer"',
  })
  t.match(evaluator.statusCauses(status('x'), old)[0], { field: 'status' })
  t.strictSame(evaluator.statusCauses(status({ phase: 1 }), status({ phase: 1 })), [])
  const scale = { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' }
  const { spec } = properties
  const scaled = compile(
    definition('Namespaced', { status: {}, scale }, { spec } as typeof properties),
  )
  const sizes = thing({ name: 'x', size: -1 }, { status: { size: -1 } })
  t.strictSame(causesOf(scaled.statusCauses(sizes, thing({ name: 'x' }))), ['.status.size'])
})

t.test(
  'what is there is judged without mercy for what was there before, and as no change',
  async t => {
    const spec = {
      ...properties.spec,
      'x-kubernetes-validations': [
        ...properties.spec['x-kubernetes-validations'],
        { rule: 'self.name == oldSelf.name', message: 'changed' },
        { rule: 'oldSelf.hasValue()', optionalOldSelf: true, message: 'new' },
      ],
    }
    const { keptCauses } = compile(
      definition('Namespaced', { status: {} }, { ...properties, spec }),
    )
    t.strictSame(keptCauses(thing({ name: 'x' })), [])
    t.match(keptCauses(thing({ name: 'bad' })), [{ field: 'spec', message: /bad/ }])
    t.match(keptCauses(thing({ name: 'long', tags: ['a', 'a'] })), [
      { field: 'spec.name' },
      { field: 'spec.tags[1]' },
      {},
    ])
    t.match(keptCauses(thing({ name: 'x' }, { kind: 'Thin' })), [{ field: 'kind' }])
    t.match(keptCauses(thing({ name: 'x' }, {}, { name: 'a/b' })), [{ field: 'metadata.name' }])
    t.match(keptCauses(thing({ name: 'x' }, { status: { phase: 1 } })), [
      { field: 'status.phase' },
      {},
    ])
  },
)
