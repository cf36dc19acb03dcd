import fc from 'fast-check'
import t from 'tap'
import { keyOfObject } from '#src/lib/cluster.ts'
import { Store } from '#src/lib/store.ts'

const object = (name: string, namespace?: string, resourceVersion = '1') => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name, resourceVersion, ...(namespace && { namespace }) },
})

// The same cases every time: a build must not fail by luck.
fc.configureGlobal({ seed: 20261121 })

t.test('gives objects by name, and in order', async t => {
  const store = new Store()
  const [b, a, other, global] = [object('b', 'x'), object('a', 'x'), object('c', 'w'), object('g')]
  for (const one of [b, a, other, global]) t.equal(store.set(one), undefined)
  t.equal(store.size, 4)
  t.equal(store.get('b', 'x'), b)
  t.equal(store.get('b'), undefined)
  t.equal(store.byKey('g'), global)
  t.strictSame(store.list(), [global, other, a, b])
  t.strictSame(store.list('x'), [a, b])
  t.strictSame(store.list('nowhere'), [])
  t.strictSame(store.keys('w'), ['w/c'])

  const newer = object('b', 'x', '2')
  t.equal(store.set(newer), b)
  t.strictSame(store.list('x'), [a, newer])
  t.equal(store.delete('x/b'), newer)
  t.equal(store.delete('x/b'), undefined)
  t.strictSame(store.list('x'), [a])
  store.delete('w/c')
  t.strictSame(store.list('w'), [])
})

t.test('lists the same array until something in it changes', async t => {
  const store = new Store()
  const [a, other] = [object('a', 'x'), object('c', 'w')]
  store.set(a)
  const [inX, all] = [store.list('x'), store.list()]
  t.equal(store.list('x'), inX)
  t.equal(store.list(), all)

  store.set(other)
  t.equal(store.list('x'), inX)
  t.not(store.list(), all)

  const newer = object('a', 'x', '2')
  store.set(newer)
  t.strictSame(store.list('x'), [newer])
  t.strictSame(inX, [a], 'who has listed before keeps what was there')
  store.delete('x/a')
  t.strictSame(store.list('x'), [])
})

t.test('is like a plain map, whatever happens to it', async () => {
  const write = fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    namespace: fc.constantFrom('', 'x', 'y'),
    remove: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(write), writes => {
      const store = new Store()
      const map = new Map<string, object>()
      for (const { name, namespace, remove } of writes) {
        const one = object(name, namespace)
        if (remove) {
          store.delete(keyOfObject(one))
          map.delete(keyOfObject(one))
        } else {
          store.set(one)
          map.set(keyOfObject(one), one)
        }
        const keys = [...map.keys()].toSorted()
        const inX = keys.filter(key => key.startsWith('x/'))
        if (JSON.stringify([store.keys(), store.keys('x')]) !== JSON.stringify([keys, inX]))
          return false
        for (const [listed, wanted] of [
          [store.list(), keys],
          [store.list('x'), inX],
        ] as const)
          if (listed.some((entry, index) => entry !== map.get(wanted[index] ?? ''))) return false
      }
      return store.size === map.size
    }),
  )
})
