import t from 'tap'
import { goKind, unreadable } from '#src/apiserver/write/go-words.ts'
import { decodeMetadata, Undecodable } from '#src/lib/schema/metadata-decode.ts'

t.test('kinds of values', async t => {
  t.strictSame([[], true, null, 'x', 1, {}].map(goKind), [
    'array',
    'bool',
    'null',
    'string',
    'number',
    'object',
  ])
})

const FIELD = 'into Go struct field'
const cases: [metadata: unknown, want: string][] = [
  ['x', 'json: cannot unmarshal string into Go value of type v1.ObjectMeta'],
  [{ name: 1 }, `json: cannot unmarshal number ${FIELD} ObjectMeta.name of type string`],
  [{ uid: true }, `json: cannot unmarshal bool ${FIELD} ObjectMeta.uid of type types.UID`],
  [
    { labels: 'x' },
    `json: cannot unmarshal string ${FIELD} ObjectMeta.labels of type map[string]string`,
  ],
  [
    { labels: { 'a.b': 1 } },
    `json: cannot unmarshal number ${FIELD} ObjectMeta.labels of type string`,
  ],
  [
    { finalizers: 'x' },
    `json: cannot unmarshal string ${FIELD} ObjectMeta.finalizers of type []string`,
  ],
  [
    { finalizers: [1] },
    `json: cannot unmarshal number ${FIELD} ObjectMeta.finalizers of type string`,
  ],
  [
    { ownerReferences: ['x'] },
    `json: cannot unmarshal string ${FIELD} ObjectMeta.ownerReferences of type v1.OwnerReference`,
  ],
  [
    { ownerReferences: [{ uid: 1 }] },
    `json: cannot unmarshal number ${FIELD} OwnerReference.ownerReferences.uid of type types.UID`,
  ],
  [
    { managedFields: [{ operation: 1 }] },
    `json: cannot unmarshal number ${FIELD} ManagedFieldsEntry.managedFields.operation of type v1.ManagedFieldsOperationType`,
  ],
  [
    { generation: 'x' },
    `json: cannot unmarshal string ${FIELD} ObjectMeta.generation of type int64`,
  ],
  [
    { generation: 1.5 },
    `json: cannot unmarshal number 1.5 ${FIELD} ObjectMeta.generation of type int64`,
  ],
  [{ creationTimestamp: 1 }, 'json: cannot unmarshal number into Go value of type string'],
  [
    { managedFields: [{ time: 'soon' }] },
    'parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse "soon" as "2006"',
  ],
]

t.test('what cannot be read, as Go says it', async t => {
  for (const [metadata, want] of cases) {
    try {
      decodeMetadata(metadata, 'metadata', [])
      t.fail(want)
    } catch (error) {
      t.ok(error instanceof Undecodable)
      t.equal(unreadable(error as Undecodable), want)
    }
  }
  t.equal(
    unreadable(new Undecodable('spec.pod.kind must be a string')),
    'spec.pod.kind must be a string',
  )
  t.equal(unreadable(new Undecodable('x', { path: 'spec.x', value: 1 })), 'x')
})
