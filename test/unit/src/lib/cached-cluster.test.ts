import t from 'tap'
import { Namespace, Secret } from '#src/api/core/v1.ts'
import { cachedCluster, type LiveRead } from '#src/lib/cached-cluster.ts'
import { Store } from '#src/lib/store.ts'

const now = new Date('2026-11-21T12:00:00Z')
const secret = (name: string, namespace: string): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace },
})
const storeOf = (...secrets: Secret[]) => {
  const store = new Store()
  for (const one of secrets) store.set(one)
  return store
}
const [a, b, c] = [secret('a', 'x'), secret('b', 'y'), secret('c', 'x')]
const cluster = (stores: Store[], reads?: LiveRead[]) =>
  cachedCluster(kind => (kind.kind === 'Secret' ? stores : []), now, reads)

t.test('shows what the watch has brought', async t => {
  const view = cluster([storeOf(a, b)])
  t.equal(view.now, now)
  t.equal(view.get(Secret, 'a', 'x'), a)
  t.equal(view.get(Secret, 'a', 'y'), undefined)
  t.strictSame(view.list(Secret), [a, b])
  t.strictSame(view.list(Secret, 'y'), [b])
})

t.test('puts the parts together where a kind is watched in parts', async t => {
  const view = cluster([storeOf(c, b), storeOf(a, b)])
  t.equal(view.get(Secret, 'a', 'x'), a)
  t.strictSame(view.list(Secret), [a, c, b])
  t.strictSame(view.list(Secret, 'x'), [a, c])
})

t.test('believes live reads more', async t => {
  const newer = secret('a', 'x')
  const reads: LiveRead[] = [
    { kind: Secret, name: 'a', namespace: 'x', object: newer },
    { kind: Secret, name: 'b', namespace: 'y', object: undefined },
    { kind: Namespace, name: 'x', object: undefined },
  ]
  const view = cluster([storeOf(a, b)], reads)
  t.equal(view.get(Secret, 'a', 'x'), newer)
  t.equal(view.get(Secret, 'b', 'y'), undefined)
  t.equal(view.get(Namespace, 'x'), undefined, 'also of a kind that is not watched')
  t.strictSame(view.list(Secret), [newer])
  t.strictSame(view.list(Secret, 'y'), [])
})

t.test('answers no question that was not declared', async t => {
  t.throws(() => cluster([]).list(Secret), { code: 'UnwatchedKind' })
  t.throws(() => cluster([storeOf()]).get(Namespace, 'x'), { code: 'UnwatchedKind' })
})
