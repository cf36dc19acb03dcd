import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import { apply } from '#src/apiserver/managed-fields/apply.ts'
import { BROKEN, entry as entryOf, object, served } from '#test/support/apply/served.ts'

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration'
const entry = (manager: string, spec: object, fields: object = {}) =>
  entryOf('Apply', manager, spec, fields)
const by = (manager: string, force = false) => ({
  manager,
  subresource: '',
  time: '2026-01-02T00:00:00Z',
  force,
})
const now = { time: '2026-01-02T00:00:00Z' }
const run = (live: UnknownObject | undefined, config: unknown, writer = by('me')) =>
  apply(live, config as UnknownObject, writer, served)

t.test('makes an object, and says who made it', async t => {
  t.strictSame(
    run(undefined, object({ a: '1' })),
    object({ a: '1' }, { managedFields: [entry('me', { 'f:a': {} }, now)] }),
  )
  const { metadata: _, ...bare } = object({ a: '1' })
  t.strictSame(run(undefined, bare).metadata, { managedFields: [entry('me', { 'f:a': {} }, now)] })
  t.strictSame(run(undefined, { apiVersion: 'g/v1', kind: 'K' }), { apiVersion: 'g/v1', kind: 'K' })
})

t.test('a new owner of the same is noted without a time, and changes nothing else', async t => {
  const live = object({ a: '1' }, { uid: '1', managedFields: [entry('other', { 'f:a': {} })] })
  const { time: _, ...mine } = entry('me', { 'f:a': {} })
  t.strictSame(
    run(live, object({ a: '1' })),
    object({ a: '1' }, { uid: '1', managedFields: [mine, entry('other', { 'f:a': {} })] }),
  )
})

t.test('what was there before anybody applied is somebody’s', async t => {
  const live = object({ a: '1', b: '1' }, { uid: '1' })
  t.strictSame(
    run(live, object({ a: '1' })).metadata.managedFields,
    [
      { ...entry('me', { 'f:a': {} }), time: undefined },
      entry(
        'before-first-apply',
        { '.': {}, 'f:a': {}, 'f:b': {} },
        { ...now, operation: 'Update' },
      ),
    ].map(each => JSON.parse(JSON.stringify(each)) as unknown),
  )
  t.throws(() => run(live, object({ a: '2' })), { code: 409, reason: 'Conflict' })
})

t.test('others’ fields are conflicts unless forced', async t => {
  const live = object({ a: '1' }, { managedFields: [entry('other', { 'f:a': {} })] })
  t.throws(() => run(live, object({ a: '2' })), {
    code: 409,
    message: 'Apply failed with 1 conflict: conflict with "other": .spec.a',
  })
  t.strictSame(run(live, object({ a: '2' }), by('me', true)).metadata.managedFields, [
    entry('me', { 'f:a': {} }, now),
  ])
})

t.test('kubectl takes over what kubectl wrote, and nothing else', async t => {
  const last = JSON.stringify(object({ a: '1' }))
  const live = object(
    { a: '1', b: '1' },
    {
      annotations: { [ANNOTATION]: last },
      managedFields: [
        entry('kubectl-client-side-apply', { 'f:a': {}, 'f:b': {} }, { operation: 'Update' }),
      ],
    },
  )
  const taken = run(live, object({ a: '2' }), by('kubectl'))
  t.equal(taken.spec?.['a'], '2')
  t.match(taken.metadata.annotations?.[ANNOTATION], /"a":"2"/)
  t.throws(() => run(live, object({ a: '2', b: '2' }), by('kubectl')), {
    message:
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using g/v1: .spec.b',
  })
  t.throws(() => run(live, object({ a: '2' })), { code: 409 })
  const other = object({ a: '1' }, { managedFields: [entry('other', { 'f:a': {} })] })
  t.throws(() => run(other, object({ a: '2' }), by('kubectl')), { code: 409 })
})

const refused: [string, unknown, object][] = [
  ['metadata.managedFields must be nil', object({}, { managedFields: [] }), { code: 400 }],
  ['metadata.managedFields must be nil', object({}, { managedFields: [{}] }), { code: 400 }],
  ['invalid object type: g/v2, Kind=K', { ...object({}), apiVersion: 'g/v2' }, { code: 400 }],
  ['invalid object type: g/v1, Kind=L', { ...object({}), kind: 'L' }, { code: 400 }],
  ['invalid object type: /v1, Kind=K', { ...object({}), apiVersion: 'v1' }, { code: 400 }],
  ['invalid object type: /, Kind=', { ...object({}), apiVersion: 'a/b/c' }, { code: 400 }],
  ['invalid object type: /, Kind=K', { ...object({}), apiVersion: '/' }, { code: 400 }],
  ['invalid object type: /, Kind=', {}, { code: 400 }],
  [
    'failed to create typed patch object (/x; g/v1, Kind=K): .spec.c: field not declared in schema',
    object({ c: 1 }),
    { code: 500 },
  ],
  [
    'failed to create typed patch object (n/x; g/v1, Kind=K): .spec.set: duplicate entries for key [="a"]',
    object({ set: ['a', 'a'] }, { namespace: 'n' }),
    { code: 500 },
  ],
  [
    'failed to create typed patch object (/; g/v1, Kind=K): .spec.c: field not declared in schema',
    { apiVersion: 'g/v1', kind: 'K', spec: { c: 1 } },
    { code: 500 },
  ],
  [
    'failed to create typed patch object (/x; g/v1, Kind=K): .metadata.managedFields[0]: expected map, got &{1}',
    object({}, { managedFields: [1] }),
    { code: 500 },
  ],
]
for (const [message, config, wanted] of refused)
  t.test(`refuses: ${message}`, async t => {
    t.throws(() => run(undefined, config), { message, ...wanted })
  })

t.test('refuses those without a name', async t => {
  t.throws(() => run(undefined, object({}), by('')), {
    code: 422,
    reason: 'Invalid',
    message:
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  })
})

t.test('says what is wrong with the live object', async t => {
  const broken = (entries: object[]) => () =>
    run(object({ c: 1 }, { managedFields: entries }), object({}))
  t.throws(broken([{ manager: 'a' }]), {
    code: 500,
    message: 'failed to decode managed fields: operation must be `Apply` or `Update`',
  })
  t.throws(broken([]), {
    code: 500,
    message: 'failed to create manager for existing fields: .spec.c: field not declared in schema',
  })
  t.throws(broken([entry('a', {})]), {
    code: 500,
    message:
      'failed to create typed live object (/x; g/v1, Kind=K): .spec.c: field not declared in schema',
  })
  t.throws(
    () => run(object({}, { managedFields: [entry('a', {}, { apiVersion: 'g/v0' })] }), object({})),
    {
      code: 500,
      message: 'request to convert CR to an invalid group/version: g/v0',
    },
  )
})

t.test('of any kind, where none is given', async t => {
  const config = { ...object({ a: '1' }), kind: 'L' }
  t.equal(apply(undefined, config, by('me'), { ...served, kind: undefined }).kind, 'L')
})

t.test('errors of ours stay errors', async t => {
  t.throws(
    () => apply(undefined, object({ a: '1' }), by('me'), { ...served, atom: BROKEN }),
    new TypeError('broken'),
  )
})
