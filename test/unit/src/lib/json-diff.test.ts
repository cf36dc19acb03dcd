import fc from 'fast-check'
import { applyPatch } from 'rfc6902'
import t from 'tap'
import { jsonDiff, jsonEqual } from '#src/lib/json-diff.ts'

t.test('names what comes, goes and changes, with keys escaped', async t => {
  const from = { same: 1, gone: 1, dropped: 1, map: { 'a/b': 1, '~': 1 }, list: [1, 2] }
  const to = {
    same: 1,
    dropped: undefined,
    map: { 'a/b': 2, '~': 1 },
    list: [1, 3],
    new: null,
    not: undefined,
  }
  t.strictSame(jsonDiff(from, to), [
    { op: 'remove', path: '/gone' },
    { op: 'remove', path: '/dropped' },
    { op: 'replace', path: '/map/a~1b', value: 2 },
    { op: 'replace', path: '/list', value: [1, 3] },
    { op: 'add', path: '/new', value: null },
  ])
})

t.test('is empty for equal values, whatever the order of keys', async t => {
  t.strictSame(jsonDiff({ a: 1, b: [{ c: 1, d: 2 }] }, { b: [{ d: 2, c: 1 }], a: 1 }), [])
})

t.test('tells maps, lists and nothing apart', async t => {
  t.equal(jsonEqual({}, []), false)
  t.equal(jsonEqual([], {}), false)
  t.equal(jsonEqual(null, {}), false)
  t.equal(jsonEqual({ a: 1 }, { b: 1 }), false)
  t.equal(jsonEqual({ a: 1 }, { a: 1, b: 1 }), false)
  t.equal(jsonEqual([1], [1, 2]), false)
})

t.test('its patch turns any JSON map into any other', async () => {
  // The library that applies the patch takes `__proto__` for the prototype; API servers do not.
  const map = fc
    .dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true })
    .filter(value => !JSON.stringify(value).includes('__proto__'))
  fc.assert(
    fc.property(map, map, (from, to) => {
      const patched = structuredClone(from)
      const errors = applyPatch(patched, [...jsonDiff(from, to)]).filter(error => error !== null)
      return errors.length === 0 && jsonEqual(patched, to)
    }),
    { numRuns: 1000, seed: 20261121 },
  )
})
