import t from 'tap'
import { jsonClone } from '#src/lib/json-clone.ts'

t.test('copies all that JSON can say', async t => {
  const original = { a: [1, 'two', { three: null }], b: { c: true }, d: {} }
  const copy = jsonClone(original)
  t.strictSame(copy, original)
  ;(copy.a[2] as { three: unknown }).three = 3
  t.strictSame(original.a[2], { three: null })
  t.equal(jsonClone('text'), 'text')
})

t.test('what is called __proto__ stays a field', async t => {
  const copy = jsonClone(JSON.parse('{"__proto__":{"polluted":1}}') as object)
  t.equal(JSON.stringify(copy), '{"__proto__":{"polluted":1}}')
  t.equal(Object.getPrototypeOf(copy), Object.prototype)
  t.notOk('polluted' in copy)
})
