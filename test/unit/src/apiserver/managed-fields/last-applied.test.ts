import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import { encodeFields } from '#src/apiserver/managed-fields/fields-v1.ts'
import { fieldsLastApplied, withLastApplied } from '#src/apiserver/managed-fields/last-applied.ts'
import { typeOfSchema } from '#src/apiserver/managed-fields/type-of-schema.ts'

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration'
const type = { apiVersion: 'g/v1', kind: 'K' }
const text = { type: 'string' }
const set = { type: 'array', 'x-kubernetes-list-type': 'set', items: text } as const
const atom = typeOfSchema({
  type: 'object',
  properties: { spec: { type: 'object', properties: { a: text, b: text, set } } },
})
const BROKEN = {
  get map(): never {
    throw new TypeError('broken')
  },
}
const object = (
  spec: Record<string, unknown>,
  annotations?: Record<string, string>,
): UnknownObject => ({
  ...type,
  metadata: { name: 'x', ...(annotations && { annotations }) },
  spec,
})
const fields = (last: unknown, live: Record<string, unknown> = { a: '1', b: '1' }) => {
  const annotation = typeof last === 'string' ? last : JSON.stringify(last)
  const found = fieldsLastApplied(object(live, { [ANNOTATION]: annotation }), type, atom)
  return found && encodeFields(found)
}

t.test('what kubectl wrote and still is so', async t => {
  t.strictSame(fields({ ...object({ a: '1', b: '2' }) }), {
    'f:apiVersion': {},
    'f:kind': {},
    'f:metadata': { 'f:name': {} },
    'f:spec': { 'f:a': {} },
  })
})

t.test('is nothing where it cannot be known', async t => {
  const last = object({ a: '1' })
  t.equal(fieldsLastApplied(last, type, atom), undefined)
  for (const other of [
    '',
    '{',
    '[]',
    { ...last, kind: 'L' },
    { ...last, apiVersion: 'v1' },
    { ...last, c: 1 },
  ])
    t.equal(fields(other), undefined)
  t.equal(fields(last, { a: '1', set: ['x', 'x'] }), undefined)
})

t.test('errors of ours stay errors', async t => {
  const live = object({}, { [ANNOTATION]: JSON.stringify(object({})) })
  t.throws(() => fieldsLastApplied(live, type, BROKEN), new TypeError('broken'))
})

t.test('is kept up to date where it is', async t => {
  const config = object({ b: '<' }, { [ANNOTATION]: 'x', other: 'y' })
  const { metadata } = withLastApplied(object({}, { [ANNOTATION]: 'old', mine: 'z' }), config)
  t.strictSame(metadata.annotations, {
    [ANNOTATION]: `{"apiVersion":"g/v1","kind":"K","metadata":{"annotations":{"other":"y"},"name":"x"},"spec":{"b":"\\u003c"}}\n`,
    mine: 'z',
  })
  const plain = object({}, { [ANNOTATION]: 'old' })
  t.match(withLastApplied(plain, object({})).metadata.annotations, { [ANNOTATION]: /"name":"x"/ })
  t.equal(withLastApplied(object({}), config).metadata.annotations, undefined)
  const bare = type as UnknownObject
  t.equal(withLastApplied(bare, bare), bare)
  t.equal(
    withLastApplied(plain, bare).metadata.annotations?.[ANNOTATION],
    '{"apiVersion":"g/v1","kind":"K"}\n',
  )
})

t.test('goes where there is no room', async t => {
  const { metadata } = withLastApplied(
    object({}, { [ANNOTATION]: 'old' }),
    object({ a: 'x'.repeat(256 * 1024) }),
  )
  t.strictSame(metadata.annotations, {})
})
