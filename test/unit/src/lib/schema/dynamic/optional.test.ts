import { celError, celMap, type CelValue } from '@bufbuild/cel'
import t from 'tap'
import { come } from '#test/support/dynamic-cel.ts'

const object = { a: { b: [1, 2], n: null }, s: 'text', e: {} }

t.test('selection and indexing go as far as there is something', async t => {
  for (const [source, value] of [
    ['object.?a.?b[?1].orValue(7)', 2],
    ['object.?a.b[1].orValue(7)', 2],
    ['object.?a.?b[?9].orValue(7)', 7],
    ['object.a.b[?1u].orValue(7)', 2],
    ['object.a.b[?1.0].orValue(7)', 2],
    ["object.a.b[?'x'].orValue(7)", 7],
    ['object.?zz.b.c.orValue(7)', 7],
    ['object.?s.b.orValue(7)', 7],
    ['object.a.?n.hasValue()', true],
    ['object.a.?n.orValue(1)', null],
    ['null.?x.orValue(1)', 1],
    ['has(object.?a.b)', true],
    ['has(object.?a.zz)', false],
    ['has(object.?zz.b)', false],
    ['object.?zz.or(object.?s).value()', 'text'],
    ['object.?s.or(object.?zz).value()', 'text'],
    ['object.?zz.value()', '! optional.none() dereference'],
    ['object.value()', '! no such overload'],
    ["'x'.hasValue()", '! no such overload'],
  ] as const)
    t.same(come(source, object), value, source)
})

t.test('makes optionals', async t => {
  t.equal(come('optional.of(1).value()'), 1)
  t.equal(come('optional.none().hasValue()'), false)
  for (const zero of ["''", '0', '0.0', 'false', 'null', '[]', '{}'])
    t.equal(come(`optional.ofNonZeroValue(${zero}).hasValue()`), false, zero)
  for (const more of ["'a'", '1', 'true', '[1]', "{'a': 1}", 'optional.none()'])
    t.equal(come(`optional.ofNonZeroValue(${more}).hasValue()`), true, more)
})

t.test('what cannot be had is no missing field', async t => {
  const broken = Object.assign(celMap(new Map()), {
    get: () => celError('broken') as unknown as CelValue,
  })
  t.equal(come('variables.?x.orValue(1)', {}, { variables: broken }), '! broken')
})
