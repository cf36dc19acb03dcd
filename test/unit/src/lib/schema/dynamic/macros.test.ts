import t from 'tap'
import { come } from '#test/support/dynamic-cel.ts'

const object = { m: { a: 1, b: 2 }, l: [5, 6], n: { x: null } }

t.test('two variables: keys and values, or indices and items', async t => {
  for (const [source, value] of [
    ['object.m.all(k, v, v < 3)', true],
    ['object.m.all(k, v, v < 2)', false],
    ["object.m.exists(k, v, k == 'b' && v == 2)", true],
    ['object.l.exists(i, v, i == v)', false],
    ['object.m.existsOne(k, v, v > 1)', true],
    ['object.l.exists_one(i, v, v > 1)', false],
    ['object.l.transformList(i, v, i + v)', [5, 7]],
    ['object.l.transformList(i, v, v > 5, i)', [1]],
    ["object.m.transformMap(k, v, k + '!')", { a: 'a!', b: 'b!' }],
    ['object.m.transformMap(k, v, v > 1, v)', { b: 2 }],
    ['object.m.transformMapEntry(k, v, {string(v): k})', { 1: 'a', 2: 'b' }],
    ['object.m.transformMapEntry(k, v, v > 1, {string(v): k})', { 2: 'b' }],
    ["object.m.transformMapEntry(k, v, {'same': v})", '! insert failed: key same already exists'],
    ['object.l.all(i, v, object.m.exists(k, w, w + 4 == v))', true],
  ] as const)
    t.same(come(source, object), value, source)
})

t.test('errors are absorbed as with one variable', async t => {
  t.equal(come('object.l.exists(i, v, v == object.nope || v == 6)', object), true)
  t.equal(come('object.l.all(i, v, object.nope == v)', object), '! no such key: nope')
})

t.test('macros of optionals', async t => {
  t.equal(come('object.?m.optMap(m, m.a + 1).orValue(0)', object), 2)
  t.equal(come('object.?zz.optMap(m, m.a + 1).orValue(0)', object), 0)
  t.equal(come('object.?m.optFlatMap(m, m.?a).orValue(0)', object), 1)
  t.equal(come('object.?m.optFlatMap(m, m.?zz).orValue(0)', object), 0)
})

t.test('optional elements', async t => {
  t.same(come('[?object.?l, 1, ?object.?zz]', object), [[5, 6], 1])
  t.same(come("{?'a': object.m.?a, ?'z': object.m.?z, 'c': 3}", object), { a: 1, c: 3 })
  t.match(come('[?object.l]', object), /no such overload/)
  t.same(come("{'a': 1}"), { a: 1 })
})

t.test('what only looks like a macro is none', async t => {
  for (const source of [
    'object.l.all(i, v, true, true)',
    'object.l.exists(i, v, true, true)',
    'object.l.existsOne(i, v, true, true)',
    'object.l.transformList(i, v)',
    'object.l.transformList(1, v, v)',
    'object.l.transformList(i, 2, i)',
    'transformList(object, object, object)',
    'object.l.optMap(object.l, 1)',
    'google.protobuf.Duration{seconds: 1}',
    'optional_element__()',
    '[optional_element__()]',
  ])
    t.throws(() => come(source, object), source)
})
