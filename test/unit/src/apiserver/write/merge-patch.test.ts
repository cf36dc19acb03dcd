import t from 'tap'
import { mergePatch } from '#src/apiserver/write/merge-patch.ts'

// The examples of RFC 7386 that are objects, then what the library of kube-apiserver does besides.
const cases: [document: object, patch: object, want: object][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  [{}, { a: [{ b: null }, null] }, { a: [{}, null] }],
  [{ a: {} }, { a: [{ b: null }] }, { a: [{ b: null }] }],
  [{ a: null }, { a: { b: null } }, { a: {} }],
]

t.test('merges', async t => {
  for (const [document, patch, want] of cases) {
    const before = structuredClone([document, patch])
    t.strictSame(mergePatch({ ...document }, { ...patch }), want)
    t.strictSame([document, patch], before)
  }
})

t.test('every name is one of a field', async t => {
  const patch = JSON.parse('{"a":{"__proto__":{"x":1}},"__proto__":{"y":1}}') as Record<
    string,
    unknown
  >
  const merged = mergePatch({}, patch)
  t.equal(JSON.stringify(merged), '{"a":{"__proto__":{"x":1}},"__proto__":{"y":1}}')
  t.equal(Object.getPrototypeOf(merged), Object.prototype)
  t.strictSame(mergePatch({}, { toString: {} }), { toString: {} })
})
