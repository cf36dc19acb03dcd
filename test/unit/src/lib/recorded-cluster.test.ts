import t from 'tap'
import { Lease } from '#src/api/coordination/v1.ts'
import { Namespace, Secret } from '#src/api/core/v1.ts'
import { clusterOf } from '#src/lib/cluster.ts'
import { covers, recorded } from '#src/lib/recorded-cluster.ts'

const now = new Date('2026-11-21T12:00:00Z')
const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'x' } }
const view = () => recorded(clusterOf([secret], now))

t.test('shows the same and remembers what was asked', async t => {
  const { cluster, looks } = view()
  t.equal(cluster.now, now)
  t.equal(cluster.get(Secret, 'a', 'x'), secret)
  cluster.get(Secret, 'a', 'x')
  t.equal(cluster.get(Namespace, 'x'), undefined)
  t.strictSame(cluster.list(Secret, 'x'), [secret])
  t.strictSame(cluster.list(Lease), [])
  t.strictSame(
    [...looks.gets.values()],
    [
      { kind: Secret, name: 'a', namespace: 'x' },
      { kind: Namespace, name: 'x' },
    ],
  )
  t.strictSame([...looks.lists.values()], [{ kind: Secret, namespace: 'x' }, { kind: Lease }])
})

t.test('says whether one saw all that another saw', async t => {
  const [one, two] = [view(), view()]
  t.ok(covers(one.looks, two.looks))
  two.cluster.get(Secret, 'a', 'x')
  t.notOk(covers(one.looks, two.looks))
  t.ok(covers(two.looks, one.looks))
  one.cluster.get(Secret, 'a', 'x')
  one.cluster.list(Secret)
  t.ok(covers(one.looks, two.looks))
  t.notOk(covers(two.looks, one.looks))
})

t.test('remembers of what only a part may be read again', async t => {
  const { cluster, looks } = recorded(clusterOf([secret], now), [
    { kind: Secret, name: 'a', namespace: 'x', part: 'keys' },
    { kind: Namespace, name: 'x' },
  ])
  cluster.get(Secret, 'a', 'x')
  cluster.get(Secret, 'b', 'x')
  cluster.get(Namespace, 'x')
  t.strictSame(
    [...looks.gets.values()],
    [
      { kind: Secret, name: 'a', namespace: 'x', part: 'keys' },
      { kind: Secret, name: 'b', namespace: 'x' },
      { kind: Namespace, name: 'x' },
    ],
  )
})
