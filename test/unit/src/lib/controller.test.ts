import t from 'tap'
import { Namespace, Secret } from '#src/api/core/v1.ts'
import { clusterOf } from '#src/lib/cluster.ts'
import { controller, watch } from '#src/lib/controller.ts'

t.test('declares controllers and watches for good', async t => {
  const watched = watch(Secret, { toOwners: ({ metadata: { name } }) => [{ name }] })
  const declared = controller(Namespace, {
    name: 'namespaces',
    watches: [watched],
    writes: [],
    reconcile: () => ({}),
  })
  t.equal(declared.kind, Namespace)
  t.equal(watched.kind, Secret)
  t.ok(Object.isFrozen(declared))
  t.ok(Object.isFrozen(watched))
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }
  t.strictSame(watched.toOwners(secret, clusterOf([], new Date())), [{ name: 'a' }])
})
