import t from 'tap'
import { conform, Unfit } from '#src/apiserver/managed-fields/conform.ts'
import { OBJECT_META } from '#src/apiserver/managed-fields/object-meta-type.ts'

const fits = (metadata: unknown) => conform(metadata, OBJECT_META, { duplicates: false })

t.test('takes all of metadata and nothing else', async () => {
  fits({
    name: 'a',
    labels: { a: 'b' },
    creationTimestamp: '2026-01-01T00:00:00Z',
    generation: 1,
    finalizers: ['a', 'b'],
    ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: '1', controller: true }],
    managedFields: [{ manager: 'a', fieldsV1: { 'f:a': { 'f:b': {} } } }],
  })
})

t.test('refuses other fields and owners or finalizers that occur twice', async t => {
  t.throws(() => fits({ colour: 'red' }), new Unfit('.colour: field not declared in schema'))
  t.throws(
    () => fits({ finalizers: ['a', 'a'] }),
    new Unfit('.finalizers: duplicate entries for key [="a"]'),
  )
  t.throws(
    () => fits({ ownerReferences: [{ uid: '1' }, { uid: '1' }] }),
    new Unfit('.ownerReferences: duplicate entries for key [uid="1"]'),
  )
})
