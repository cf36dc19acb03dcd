import fc from 'fast-check'
import t from 'tap'
import { compareText, compareValues, textOf } from '#src/apiserver/managed-fields/value-order.ts'

t.test('orders strings as their UTF-8', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      return Math.sign(compareText(a, b)) === Buffer.compare(Buffer.from(a), Buffer.from(b))
    }),
  )
})

t.test('puts characters beyond the first plane last', async t => {
  t.ok(compareText('\u{1F600}', '\uFFFD') > 0)
  t.equal(compareText('a', 'a'), 0)
})

t.test('orders values of different kinds by kind', async t => {
  const values = [0, 1.5, 2, 'a', 'b', false, true, [], [1], [1, 0], {}, null]
  t.strictSame(values.toReversed().toSorted(compareValues), values)
})

t.test('orders maps by their keys in turn', async t => {
  t.equal(compareValues({ a: 1, b: 2 }, { b: 2, a: 1 }), 0)
  t.equal(compareValues({ a: 1 }, { a: 1, b: 1 }), -1)
  t.equal(compareValues({ a: 1, b: 1 }, { a: 1 }), 1)
  t.equal(compareValues({ b: 1 }, { a: 1 }), 1)
  t.equal(compareValues({ a: 1 }, { b: 1 }), -1)
  t.equal(compareValues({ a: 1 }, { a: 2 }), -1)
  t.equal(compareValues([1], [2]), -1)
  t.equal(compareValues(null, null), 0)
})

t.test('says values as messages have them', async t => {
  t.equal(textOf([null, 'a"', { k: true }], 'integers'), String.raw`[null,"a\"",k=true]`)
  t.equal(textOf(1_234_567, 'integers'), '1234567')
  t.equal(textOf(1_234_567, 'floats'), '1.234567e+06')
})
