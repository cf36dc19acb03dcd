import t from 'tap'
import { jsonPatched, mergePatched } from '#src/apiserver/write/patch-operations.ts'

const json = (patch: unknown, isStrict = true, document: object = { a: 1 }) =>
  jsonPatched({ ...document }, typeof patch === 'string' ? patch : JSON.stringify(patch), isStrict)
const merge = (patch: string, isStrict = true) => mergePatched({ a: 1 }, patch, isStrict)
const bad = (message: string | RegExp) => ({ code: 400, reason: 'BadRequest', message })

t.test('JSON patches', async t => {
  t.strictSame(json([{ op: 'add', path: '/b', value: 2 }]), { value: { a: 1, b: 2 }, strict: [] })
  t.strictSame(json('null'), { value: { a: 1 }, strict: [] })
  const strange = '[{"op":"test","op":"test","path":"/a","value":1,"why":1}]'
  t.strictSame(json(strange).strict, [
    'json patch duplicate field "[0].op"',
    'json patch unknown field "[0].why"',
  ])
  t.strictSame(json(strange, false).strict, [])
})

t.test('what is no JSON patch', async t => {
  t.throws(() => json('['), bad('error decoding patch: unexpected end of JSON input'))
  t.throws(() => json('[', false), bad('unexpected end of JSON input'))
  t.throws(
    () => json({}),
    bad(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    ),
  )
  t.throws(
    () => json({}, false),
    bad('json: cannot unmarshal object into Go value of type jsonpatch.Patch'),
  )
  t.throws(
    () => json([1]),
    bad(
      'error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp',
    ),
  )
  t.throws(
    () => json([1], false),
    bad('json: cannot unmarshal number into Go value of type jsonpatch.Operation'),
  )
  t.throws(
    () => json([{ op: 1 }]),
    bad(
      'error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string',
    ),
  )
})

t.test('what cannot be applied', async t => {
  const refusal = {
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
  }
  t.throws(() => json([null]), refusal)
  t.throws(() => json([{ op: 1 }], false), refusal)
  t.throws(() => json([{ op: 'remove', path: '/b' }]), refusal)
  const document = {
    get a(): number {
      throw new TypeError('oops')
    },
  }
  t.throws(() => jsonPatched(document, '[]', true), { name: 'TypeError' })
  const many = (length: number) =>
    Array.from({ length }, () => ({ op: 'test', path: '/a', value: 1 }))
  t.strictSame(json(many(10_000)).value, { a: 1 })
  t.throws(() => json(many(10_001)), {
    code: 413,
    message:
      'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
  })
})

t.test('merge patches', async t => {
  t.strictSame(merge('{"b":2,"b":3}'), { value: { a: 1, b: 3 }, strict: ['duplicate field "b"'] })
  t.strictSame(merge('{"b":2,"b":3}', false), { value: { a: 1, b: 3 }, strict: [] })
  t.strictSame(merge('[1]', false), { value: [1], strict: [] })
  t.throws(() => merge('{'), bad('error decoding patch: unexpected end of JSON input'))
  t.throws(() => merge('{', false), bad('Invalid JSON Patch'))
  t.throws(
    () => merge('[]'),
    bad(
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ),
  )
  t.throws(() => merge('null'), bad('Invalid JSON Patch'))
  t.throws(() => merge('1', false), bad('Invalid JSON Patch'))
})
