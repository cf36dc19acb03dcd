import t from 'tap'
import { Invalid, readReview, reviewOf } from '#src/apiserver/admission/webhook/review.ts'
import { attributesFor, thing } from '#test/support/activity-admission/attributes.ts'

const TYPE = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' }
const body = (response: unknown, more: object = TYPE) => JSON.stringify({ ...more, response })
const read = (response: object, mayPatch = true) =>
  readReview(body({ uid: 'u', allowed: true, ...response }), 'u', mayPatch)

t.test('asks', async t => {
  t.match(reviewOf(attributesFor(), 'u'), {
    ...TYPE,
    request: { uid: 'u', object: thing(), oldObject: null },
  })
  t.match(reviewOf(attributesFor({ object: undefined, oldObject: thing() }), 'u'), {
    request: { object: null, oldObject: thing() },
  })
})

t.test('reads answers', async t => {
  t.same(read({}), { allowed: true, status: undefined, patch: '', patchType: '', warnings: [] })
  t.same(read({ patch: 'W10=', patchType: 'JSONPatch', warnings: ['w', 1], status: { code: 1 } }), {
    allowed: true,
    status: { code: 1 },
    patch: '[]',
    patchType: 'JSONPatch',
    warnings: ['w'],
  })
  t.equal(read({ allowed: undefined }).allowed, false)
})

t.test('says what is wrong with others', async t => {
  const fails = (text: string, words: RegExp) =>
    t.throws(() => readReview(text, 'u', true), words, text)
  fails('', /0-length response/)
  fails('nonsense', /couldn't get version\/kind; json parse error: /)
  fails('[]', /json parse error: not an object/)
  fails(body({}, { ...TYPE, kind: 'X' }), /no kind "X" is registered for version "admission/)
  fails(body({}, { ...TYPE, apiVersion: 'admission.k8s.io/v1beta1' }), /unknown conversion/)
  fails(body({}, { ...TYPE, apiVersion: 1 }), /cannot unmarshal field apiVersion/)
  fails(body({ uid: 'u', allowed: 'yes' }), /cannot unmarshal field allowed/)
  const invalid = (text: string, mayPatch: boolean, words: string) =>
    t.throws(() => readReview(text, 'u', mayPatch), new Invalid(words), words)
  invalid(body(undefined), true, 'webhook response was absent')
  invalid(body({ uid: 'v' }), true, 'expected response.uid="u", got "v"')
  invalid(
    body({ uid: 'u' }, {}),
    true,
    'expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got /, Kind=',
  )
  const patched = (more: object) => body({ uid: 'u', allowed: true, ...more })
  invalid(patched({ patch: 'W10=' }), false, 'validating webhook may not return response.patch')
  invalid(
    patched({ patchType: 'JSONPatch' }),
    false,
    'validating webhook may not return response.patchType',
  )
  invalid(
    patched({ patch: 'W10=' }),
    true,
    'webhook returned response.patch but not response.patchType',
  )
  invalid(
    patched({ patchType: 'JSONPatch' }),
    true,
    'webhook returned response.patchType but not response.patch',
  )
  invalid(
    patched({ patch: 'W10=', patchType: '' }),
    true,
    'webhook returned invalid response.patchType of ""',
  )
})
