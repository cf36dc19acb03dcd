import fc from 'fast-check'
import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import { bodyOf, jsonOf } from '#src/apiserver/storage/wire.ts'
import { pullRequest, pullRequests } from '#test/support/stored.ts'

const stored = (object: UnknownObject, version: string) =>
  jsonOf(pullRequests, version, bodyOf(object))

t.test('apiVersion, kind and metadata come first', async t => {
  t.equal(
    stored(pullRequest('a', { status: { phase: 'Open' } }), '7'),
    '{"apiVersion":"activity.kradle.a5c.ai/v1alpha1","kind":"PullRequest","metadata":{"resourceVersion":"7",' +
      '"name":"a","namespace":"kradle-org-acme","uid":"uid-of-a"},"spec":{"repository":"web"},"status":{"phase":"Open"}}',
  )
})

t.test('an object with nothing but metadata, or not even that', async t => {
  const { apiVersion, kind } = pullRequest('a')
  const bare = { apiVersion, kind, metadata: {} } as UnknownObject
  const versioned = { apiVersion, kind, metadata: { resourceVersion: '7' } }
  t.strictSame(JSON.parse(stored(bare, '7')), versioned)
  t.strictSame(JSON.parse(stored({ ...bare, spec: {} }, '7')), { ...versioned, spec: {} })
})

t.test('whatever is in an object comes back, with the version', async t => {
  const { apiVersion, kind } = pullRequest('a')
  const texts = fc.string({ unit: 'binary' })
  const values = fc.jsonValue({ stringUnit: 'binary' })
  const keys = fc.oneof(
    texts,
    fc.constantFrom('__proto__', 'toJSON', 'resourceVersion', '"},{', '0'),
  )
  fc.assert(
    fc.property(
      fc.dictionary(keys, values),
      fc.dictionary(keys, values),
      fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
      (metadata, rest, version) => {
        const object = { ...rest, apiVersion, kind, metadata } as unknown as UnknownObject
        // What JSON makes of it, e.g. of -0, is what clients have sent.
        const want = JSON.parse(JSON.stringify(object)) as UnknownObject
        want.metadata.resourceVersion = String(version)
        const got = JSON.parse(stored(object, String(version))) as unknown
        t.strictSame(entries(got), entries(want))
      },
    ),
    { numRuns: 300 },
  )
})

/** Every path and value, in an order of its own. */
function entries(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${path}=${JSON.stringify(value)}`]
  const below = Object.entries(value).flatMap(([key, item]) =>
    entries(item, `${path}/${JSON.stringify(key)}`),
  )
  return [`${path}:${Array.isArray(value)}`, ...below].toSorted((a, b) => (a < b ? -1 : 1))
}
