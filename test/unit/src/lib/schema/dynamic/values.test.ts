import { celType } from '@bufbuild/cel'
import t from 'tap'
import { celValue, keyed } from '#src/lib/schema/dynamic/values.ts'
import { come } from '#test/support/dynamic-cel.ts'

t.test('whole numbers are ints, all others doubles', async t => {
  t.equal(celValue(3), 3n)
  t.equal(celValue(1.5), 1.5)
  t.equal(celValue(1e30), 1e30)
  t.equal(celType(celValue({})).name, 'map')
})

t.test('a key is there even where its value is null', async t => {
  const map = keyed(new Map([['a', null]]))
  t.ok(map.has('a'))
  t.notOk(map.has('b'))
  t.equal(come("has(object.a) && object.a == null && 'a' in object", { a: null }), true)
  t.equal(come('has(object.a)', { a: undefined }), false)
})

t.test('what is not there is null', async t => {
  t.equal(celValue(undefined), null)
  t.equal(celValue('x'), 'x')
  t.equal(celValue(false), false)
  t.same(come('object', [1, ['a', {}]]), [1, ['a', {}]])
})
