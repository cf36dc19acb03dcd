import { celList, celMap, isCelMap } from '@bufbuild/cel'
import t from 'tap'
import { asUnreadable, compareBy, equal } from '#src/lib/schema/cel-equality.ts'

const map = (fields: Record<string, string | bigint>) => celMap(new Map(Object.entries(fields)))

t.test('scalars, lists and maps are compared by value', async t => {
  t.ok(equal('a', 'a'))
  t.notOk(equal('a', 1n))
  t.ok(equal(1n, 1))
  t.ok(equal(null, null))
  t.ok(equal(celList([1n, 2n]), celList([1n, 2n])))
  t.notOk(equal(celList([1n, 2n]), celList([2n, 1n])))
  t.notOk(equal(celList([1n]), celList([1n, 1n])))
  t.notOk(equal(celList([]), map({})))
  t.ok(equal(map({ a: 1n, b: 'x' }), map({ b: 'x', a: 1n })))
  for (const other of [map({ a: 1n }), map({ a: 1n, c: 'x' }), map({ a: 1n, b: 'y' })])
    t.notOk(equal(map({ a: 1n, b: 'x' }), other))
  t.notOk(equal(map({}), 'x'))
})

t.test('sets are equal in any order', async t => {
  const set = compareBy(celList(['a', 'b']), 'set')
  t.ok(equal(set, celList(['b', 'a'])))
  t.notOk(equal(set, celList(['a', 'c'])))
})

t.test('lists with keys are compared item by item of the same key', async t => {
  const list = compareBy(celList([map({ k: 'a', v: 1n }), map({ k: 'b', v: 2n })]), item =>
    isCelMap(item) && item.get('k') === 'a' ? 'a' : 'other',
  )
  t.ok(equal(list, celList([map({ k: 'b', v: 2n }), map({ k: 'a', v: 1n })])))
  t.notOk(equal(list, celList([map({ k: 'b', v: 2n }), map({ k: 'a', v: 9n })])))
  t.notOk(equal(list, celList([map({ k: 'b', v: 2n }), map({ k: 'c', v: 1n })])))
})

t.test('what cannot be read equals nothing, not even itself', async t => {
  const value = asUnreadable(celMap(new Map()))
  t.throws(() => equal(value, value), /no such overload/)
  t.throws(() => equal('a', value), /no such overload/)
})
