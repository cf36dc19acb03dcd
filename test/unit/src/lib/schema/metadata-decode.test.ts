import t from 'tap'
import { decodeMetadata, Undecodable } from '#src/lib/schema/metadata-decode.ts'

const decoded = (metadata: unknown): [unknown, string[]] => {
  const unknown: string[] = []
  return [decodeMetadata(metadata, 'metadata', unknown), unknown]
}

t.test('keeps what metadata has', async t => {
  const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }
  const full = {
    name: 'a',
    generateName: 'a-',
    namespace: 'n',
    uid: 'u',
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:00Z',
    deletionTimestamp: '2026-01-01T00:00:00Z',
    deletionGracePeriodSeconds: 0,
    labels: { a: 'b' },
    annotations: { a: '' },
    ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: false }],
    finalizers: ['a', ''],
    managedFields: [
      { manager: 'm', operation: 'Apply', time: '2026-01-01T00:00:00Z', fieldsV1: { 'f:a': {} } },
    ],
  }
  t.strictSame(decoded(full), [full, []])
})

t.test('drops what is empty or null, and fills in what owners must have', async t => {
  t.strictSame(
    decoded({ name: '', labels: {}, annotations: null, finalizers: [], generation: 0 }),
    [{}, []],
  )
  t.strictSame(decoded({ labels: { a: null }, finalizers: [null], ownerReferences: [null, {}] }), [
    {
      labels: { a: '' },
      finalizers: [''],
      ownerReferences: Array.from({ length: 2 }, () => ({
        apiVersion: '',
        kind: '',
        name: '',
        uid: '',
      })),
    },
    [],
  ])
  t.strictSame(decoded(null), [{}, []])
})

t.test('names what no metadata has', async t => {
  t.strictSame(decoded({ extra: 1, constructor: 1, ownerReferences: [{ more: 1 }] })[1], [
    'metadata.extra',
    'metadata.constructor',
    'metadata.ownerReferences[0].more',
  ])
})

t.test('cannot read what has another type', async t => {
  const bad: [object | string, RegExp][] = [
    ['x', /^metadata must be an object$/],
    [{ name: 1 }, /metadata\.name must be a string/],
    [{ labels: [] }, /metadata\.labels must be a map of strings/],
    [{ labels: { a: 1 } }, /metadata\.labels\.a must be a string/],
    [{ finalizers: 'x' }, /metadata\.finalizers must be a list/],
    [{ finalizers: [1] }, /metadata\.finalizers\[0\] must be a string/],
    [{ generation: 'x' }, /metadata\.generation must be an integer/],
    [{ creationTimestamp: 'soon' }, /metadata\.creationTimestamp must be a time/],
    [{ deletionTimestamp: 1 }, /must be a time/],
    [{ ownerReferences: [{ controller: 'x' }] }, /controller must be true or false/],
    [{ ownerReferences: ['x'] }, /metadata\.ownerReferences\[0\] must be an object/],
  ]
  for (const [metadata, says] of bad) {
    try {
      t.fail(String(decoded(metadata)))
    } catch (error) {
      t.ok(error instanceof Undecodable)
      t.match((error as Error).message, says)
    }
  }
})
