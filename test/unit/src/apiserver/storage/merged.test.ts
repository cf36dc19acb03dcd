import fc from 'fast-check'
import t from 'tap'
import { merged } from '#src/apiserver/storage/merged.ts'

const rows = (...keys: string[]) => keys.map(key => key.split('/'))

t.test('rows stay in order', async t => {
  t.strictSame(merged(rows('a/b'), []), rows('a/b'))
  t.strictSame(merged([], rows('a/b')), rows('a/b'))
  t.strictSame(merged(rows('a/a', 'b/a'), rows('a/b', 'b/b')), rows('a/a', 'a/b', 'b/a', 'b/b'))
  t.strictSame(merged(rows('a/a', 'a/b'), rows('a/b', 'a/c')), rows('a/a', 'a/b', 'a/c'))
})

t.test('as if both had been put together and sorted', async t => {
  const order = (a: string, b: string) => (a < b ? -1 : Number(a > b))
  const keys = fc.uniqueArray(fc.nat(9).map(name => `n/${name}`)).map(list => list.toSorted(order))
  fc.assert(
    fc.property(keys, keys, (a, b) => {
      const want = [...new Set([...a, ...b])].toSorted(order)
      t.strictSame(merged(rows(...a), rows(...b)), rows(...want))
    }),
  )
})
