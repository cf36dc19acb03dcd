import t from 'tap'
import { ConfigMap, Secret } from '#src/api/core/v1.ts'
import { clusterOf } from '#src/lib/cluster.ts'
import { keysOnly, keysOnlyOf } from '#src/lib/keys-only.ts'

const managedFields = [{ manager: 'kubectl', fieldsV1: { 'f:data': { 'f:token': {} } } }]

t.test('leaves names of keys and nothing that holds a value', async t => {
  const annotations = {
    'kubectl.kubernetes.io/last-applied-configuration': '{"stringData":{"token":"hunter2"}}',
  }
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'model',
      namespace: 'x',
      uid: 'u',
      resourceVersion: '7',
      creationTimestamp: '2026-11-01T00:00:00Z',
      deletionTimestamp: '2026-11-02T00:00:00Z',
      labels: { note: 'hunter2' },
      annotations,
      managedFields,
    },
    type: 'Opaque',
    data: { token: 'aHVudGVyMg==', other: 'aHVudGVyMg==' },
    stringData: { third: 'hunter2' },
  }
  const left = keysOnly(secret)
  t.strictSame(left, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'model',
      namespace: 'x',
      uid: 'u',
      resourceVersion: '7',
      creationTimestamp: '2026-11-01T00:00:00Z',
      deletionTimestamp: '2026-11-02T00:00:00Z',
      managedFields,
    },
    type: 'Opaque',
    keys: ['other', 'token'],
  })
  t.notMatch(JSON.stringify(left), /hunter2|aHVudGVyMg/)
})

t.test('counts both maps of a ConfigMap, and makes do with little', async t => {
  const configMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'linter' },
    data: { b: '1', both: '1' },
    binaryData: { a: 'MQ==', both: 'MQ==' },
  }
  t.strictSame(keysOnly(configMap).keys, ['a', 'b', 'both'])
  t.strictSame(keysOnly({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }), {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x' },
    keys: [],
  })
})

t.test('is got under the kind it was made of', async t => {
  const left = keysOnly({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } })
  const cluster = clusterOf([left], new Date())
  t.equal(cluster.get(keysOnlyOf(Secret), 'a'), left)
  t.equal(cluster.get(keysOnlyOf(ConfigMap), 'a'), undefined)
})
