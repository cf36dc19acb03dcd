import t from 'tap'
import { come } from '#test/support/dynamic-cel.ts'

t.test('equality knows optionals and quantities', async t => {
  for (const [source, value] of [
    ['object.?a == object.?b', false],
    ['object.?a == object.?a', true],
    ['object.?a != object.?zz', true],
    ['object.?zz == object.?yy', true],
    ['optional.of(object.?a) == optional.of(object.?a)', true],
    ['object.?a == 1', false],
    ['object.l == [1, 2]', true],
    ["quantity('1') == quantity('1000m')", true],
    ["quantity('1') == 1", false],
    ['1 == 1.0', true],
    ['1 != 2u', true],
  ] as const)
    t.equal(come(source, { a: 1, b: 2, l: [1, 2] }), value, source)
})

t.test('what macros call takes nothing else', async t => {
  t.same(come("{?'a': object.?x, 'b': 1}", { x: 2 }), { a: 2, b: 1 })
  t.same(come("{?'a': object.?y, 'b': 1}", { x: 2 }), { b: 1 })
  t.same(come('[?object.?x, ?object.?y]', { x: 2 }), [2])
  t.equal(come('[?object]'), '! no such overload')
  t.same(come('[7].transformList(i, v, i + v)'), [7])
  t.same(come("{'a': 1}.transformMap(k, v, v)"), { a: 1 })
  t.same(come("{'a': 1}.transformMapEntry(k, v, {k: k})"), { a: 'a' })
  t.equal(come("insert__({'a': 1}, 'a', 2)"), '! insert failed: key a already exists')
  for (const source of ['entries__(1)', 'merge__({}, 1)', 'build_list__(1)'])
    t.equal(come(source), '! no such overload', source)
})
