import t from 'tap'
import { Lease } from '#src/api/coordination/v1.ts'
import { Namespace, Secret } from '#src/api/core/v1.ts'
import { clusterOf, idOf, keyOf, keyOfObject, UnwatchedKind } from '#src/lib/cluster.ts'

const now = new Date('2026-11-21T12:00:00Z')
const object = (kind: string, name: string, namespace?: string, apiVersion = 'v1') => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace && { namespace }) },
})

t.test('names objects by namespace and name', async t => {
  t.equal(keyOf('a'), 'a')
  t.equal(keyOf('a', 'x'), 'x/a')
  t.equal(idOf(Namespace, 'a'), 'namespaces/a')
  t.equal(idOf(Lease, 'a', 'x'), 'leases.coordination.k8s.io/x/a')
  t.equal(keyOfObject(object('Secret', 'a', 'x')), 'x/a')
})

t.test('shows the objects it is made of', async t => {
  const [b, a, other] = [
    object('Secret', 'b', 'x'),
    object('Secret', 'a', 'x'),
    object('Secret', 'c', 'y'),
  ]
  const space = object('Namespace', 'x')
  const lease = object('Lease', 'l', 'x', 'coordination.k8s.io/v1')
  const cluster = clusterOf([b, a, other, space, lease], now)
  t.equal(cluster.now, now)
  t.equal(cluster.get(Secret, 'a', 'x'), a)
  t.equal(cluster.get(Secret, 'a'), undefined)
  t.equal(cluster.get(Namespace, 'x'), space)
  t.equal(cluster.get(Lease, 'l', 'x'), lease)
  t.strictSame(cluster.list(Secret), [a, b, other])
  t.strictSame(cluster.list(Secret, 'x'), [a, b])
  t.strictSame(cluster.list(Namespace), [space])
})

t.test('says which kind was not declared', async t => {
  t.match(new UnwatchedKind(Lease), {
    code: 'UnwatchedKind',
    message: 'leases.coordination.k8s.io was read without being declared',
  })
})
