import t from 'tap'
import { compileSchema } from '#src/lib/schema/compile.ts'
import { decodeEmbedded, embeddedCauses } from '#src/lib/schema/embedded.ts'

const pod = {
  type: 'object',
  'x-kubernetes-embedded-resource': true,
  'x-kubernetes-preserve-unknown-fields': true,
}
const node = compileSchema({
  type: 'object',
  properties: {
    one: pod,
    list: { type: 'array', items: pod },
    map: { type: 'object', additionalProperties: pod },
    all: { type: 'object', additionalProperties: true },
    texts: { 'x-kubernetes-preserve-unknown-fields': true },
  },
})
const good = { apiVersion: 'v1', kind: 'Pod' }

t.test('reads the metadata of what is embedded', async t => {
  const object = {
    one: { ...good, metadata: { name: 'a', labels: {}, extra: 1 } },
    list: [{ ...good, metadata: { more: 1 } }, 'x'],
    map: { k: good },
    texts: [1],
    all: { a: 1 },
  }
  t.strictSame(decodeEmbedded(object, node), ['list[0].metadata.more', 'one.metadata.extra'])
  t.strictSame(object.one.metadata, { name: 'a' })
  t.throws(
    () => decodeEmbedded({ map: { k: { kind: 1 } } }, node),
    /^map\[k\]\.kind must be a string$/,
  )
  t.throws(
    () => decodeEmbedded({ one: { metadata: 'x' } }, node),
    /^one\.metadata must be an object$/,
  )
})

t.test('says what is wrong with it', async t => {
  const said = (object: unknown): string[] =>
    embeddedCauses({ one: object }, node).map(({ field, message }) => `${field}: ${message}`)
  t.strictSame(said({ ...good, metadata: { namespace: 'n' } }), [])
  t.strictSame(said({}), ['one.apiVersion: Required value', 'one.kind: Required value'])
  t.strictSame(said({ apiVersion: '', kind: '' }), [
    'one.apiVersion: Invalid value: "": must not be empty',
    'one.kind: Invalid value: "": must not be empty',
  ])
  t.strictSame(said({ ...good, apiVersion: 'a/b/c' }), [
    'one.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
  ])
  t.match(said({ ...good, kind: 'a b' }), [
    /one\.kind: Invalid value: "a b": may have mixed case, but should otherwise match: a DNS-1035 label/,
  ])
  t.match(said({ ...good, kind: 'a'.repeat(64) }), [/must be no more than 63 characters$/])
  t.match(said({ ...good, metadata: { name: '..' } }), [/one\.metadata\.name: .*may not be '\.\.'/])
})
