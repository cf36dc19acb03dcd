import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import type { Admission } from '#src/apiserver/admission/admission.ts'
import { attributesOf } from '#src/apiserver/write/attributes.ts'
import { mutated } from '#src/apiserver/write/mutate.ts'
import { anything, requestOf } from '#test/support/apiserver/gadgets.ts'
import { gadget } from '#test/support/apiserver/write-cases.ts'

const warnings: string[] = []
const request = requestOf('n', { says: '', method: 'POST' }, '', warnings)
const sent = gadget('a') as unknown as UnknownObject
const asked = { ...attributesOf(request, 'CREATE', {}, 'a'), object: sent, oldObject: undefined }
const changing = (change: (object: UnknownObject) => object): Admission => ({
  ...anything,
  mutate: async (attributes, reconsider) =>
    reconsider(change(structuredClone(attributes.object)) as UnknownObject),
})

t.test('what admission makes of it, as the schema wants it', async t => {
  t.equal(await mutated(anything, asked), sent)
  const grown = changing(object => ({ ...object, spec: { title: 'b', what: 1 } }))
  t.match(await mutated(grown, asked), { spec: { title: 'b', size: 1, what: undefined } })
  const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }
  const owned = changing(object => ({
    ...object,
    metadata: { ...object.metadata, ownerReferences: [owner, owner] },
  }))
  const { metadata } = await mutated(owned, asked)
  t.strictSame(metadata.ownerReferences, [owner])
  t.match(warnings, [/after mutating admission happens/])
})

t.test('what cannot be read is its fault', async t => {
  const broken = changing(object => ({ ...object, metadata: { name: 1 } }))
  await t.rejects(mutated(broken, asked), { code: 500, message: /^json: cannot unmarshal/ })
})
