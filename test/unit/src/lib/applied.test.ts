import t from 'tap'
import type { KubernetesObject } from '#src/api/object.ts'
import { contains, isApplied } from '#src/lib/applied.ts'

interface Thing extends KubernetesObject {
  spec?: object
}

const desired: Thing = {
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: {
    name: 'a',
    namespace: 'x',
    labels: { color: 'red' },
    finalizers: ['one'],
    ownerReferences: [{ apiVersion: 'v1', kind: 'Owner', name: 'o', uid: '1' }],
  },
  spec: {
    replicas: 2,
    paused: undefined,
    selector: { app: 'a' },
    empty: {},
    ports: [{ port: 1, name: 'web' }],
  },
}

const leaf = {}
const fieldsV1 = {
  'f:metadata': {
    'f:labels': { 'f:color': leaf },
    'f:finalizers': { '.': {}, 'v:"one"': leaf },
    'f:ownerReferences': { 'k:{"uid":"1"}': leaf },
  },
  'f:spec': {
    'f:replicas': leaf,
    'f:selector': leaf,
    'f:empty': leaf,
    'f:ports': { 'k:{"port":1}': { '.': {}, 'f:port': leaf, 'f:name': leaf } },
  },
}

/** The object as it stands in the API server, with things of others. */
const live = (fields: object = fieldsV1, spec: object = {}): KubernetesObject => {
  const thing: Thing = {
    ...desired,
    metadata: {
      ...desired.metadata,
      uid: '7',
      labels: { color: 'red', other: 'blue' },
      managedFields: [
        { manager: 'them', operation: 'Apply', fieldsV1: {} },
        { manager: 'us', operation: 'Apply', fieldsV1: fields },
      ],
    },
    spec: { ...desired.spec, defaulted: true, ...spec },
  }
  return thing
}

t.test('nothing is to be done where everything stands and is ours', async t => {
  t.ok(isApplied(live(), desired, 'us'))
})

t.test('something is to be done', async t => {
  const { 'f:spec': spec, 'f:metadata': metadata } = fieldsV1
  const { 'f:selector': _, ...withoutSelector } = spec
  const cases: Record<string, KubernetesObject> = {
    'where a field changed': live(fieldsV1, { replicas: 3 }),
    'where a field is missing': live(fieldsV1, { replicas: undefined }),
    'where a list is longer': live(fieldsV1, { ports: [{ port: 1, name: 'web' }, { port: 2 }] }),
    'where a list is something else': live(fieldsV1, { ports: 'all' }),
    'where a map is something else': live(fieldsV1, { selector: 'all' }),
    'where we own what is no longer wanted': live({
      ...fieldsV1,
      'f:spec': { ...withoutSelector, 'f:gone': leaf },
    }),
    'where we own more of a map': live({
      'f:spec': spec,
      'f:metadata': { ...metadata, 'f:labels': { 'f:color': leaf, 'f:size': leaf } },
    }),
    'where we own another item of a list': live({
      'f:spec': spec,
      'f:metadata': { ...metadata, 'f:finalizers': { 'v:"two"': leaf } },
    }),
    'where we own something below a plain value': live({
      'f:metadata': metadata,
      'f:spec': { ...spec, 'f:replicas': { 'f:x': leaf } },
    }),
    'where somebody took a map over and may have added to it': live(
      { 'f:metadata': metadata, 'f:spec': withoutSelector },
      { selector: { app: 'a', more: 'b' } },
    ),
    'where the fields cannot be read': live({ 'f:spec': spec, 'f:metadata': 'x' }),
  }
  for (const [name, object] of Object.entries(cases))
    t.notOk(isApplied(object, desired, 'us'), name)
  t.notOk(isApplied(live(), desired, 'nobody'), 'where we never applied it')
  t.notOk(isApplied(desired, desired, 'us'), 'where nobody knows')
})

t.test('compares values as JSON does', async t => {
  t.ok(contains({ a: null }, { a: null }))
  t.notOk(contains({ a: {} }, { a: null }))
  t.notOk(contains(undefined, { a: undefined }))
})
