import t from 'tap'
import { partialListOf, partialOf, withoutEmpty } from '#src/apiserver/encode/partial.ts'

const object = {
  apiVersion: 'example.org/v1',
  kind: 'Thing',
  metadata: { name: 'a', labels: { b: 'c' } },
  spec: { d: 1 },
}

t.test('leaves an object its metadata', async t => {
  t.strictSame(partialOf(object), {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: object.metadata,
  })
  t.equal(partialOf(object, 'v1beta1').apiVersion, 'meta.k8s.io/v1beta1')
})

t.test('does so with every object of a list', async t => {
  const listMeta = { resourceVersion: '7', continue: 'next', remainingItemCount: 1 }
  t.strictSame(partialListOf([object], listMeta, 'v1beta1'), {
    kind: 'PartialObjectMetadataList',
    apiVersion: 'meta.k8s.io/v1beta1',
    metadata: listMeta,
    items: [partialOf(object, 'v1beta1')],
  })
})

t.test('has null for the items of an empty list', async t => {
  t.equal(partialListOf([], { resourceVersion: '7' }).items, null)
})

t.test('says nothing of an empty continue', async t => {
  t.strictSame(withoutEmpty({ resourceVersion: '7', continue: '' }), { resourceVersion: '7' })
})
