import t from 'tap'
import { KradleError } from '#src/lib/errors.ts'
import {
  ApiError,
  apiErrorFrom,
  isConflict,
  isExpired,
  isForbidden,
  isNotFound,
  isTransient,
} from '#src/lib/api-error.ts'

const status = (more: object = {}) =>
  JSON.stringify({ kind: 'Status', code: 409, reason: 'Conflict', message: 'too late', ...more })

t.test('says what the Status says', async t => {
  const details = { name: 'a', kind: 'teams', retryAfterSeconds: 3 }
  const error = apiErrorFrom(409, status({ details }))
  t.ok(error instanceof ApiError)
  t.match(error, {
    name: 'ApiError',
    code: 409,
    reason: 'Conflict',
    message: 'too late',
    details,
    retryAfterSeconds: 3,
  })
  t.equal(apiErrorFrom(429, status({ details }), { retryAfter: '7' }).retryAfterSeconds, 7)
  t.equal(new ApiError({ code: 429, details }).retryAfterSeconds, 3)
})

t.test('does without a Status', async t => {
  for (const body of ['', '<html>', 'null', '17'])
    t.match(apiErrorFrom(502, body), {
      message: 'the API server answered 502',
      reason: '',
      details: {},
      retryAfterSeconds: undefined,
    })
  t.equal(new ApiError({ code: 500, reason: 'InternalError' }).message, 'InternalError')
})

t.test('keeps to itself what may quote a Secret', async t => {
  const body = status({ details: { causes: [{ message: 'hunter2' }] }, message: 'hunter2' })
  const error = apiErrorFrom(422, body, { confidential: true })
  t.match(error, { code: 422, reason: 'Conflict', message: 'Conflict', details: {} })
  t.notMatch(JSON.stringify(error), 'hunter2')
  t.equal(apiErrorFrom(422, '', { confidential: true }).reason, '')
})

t.test('tells kinds of errors apart', async t => {
  const tests = { isNotFound, isConflict, isExpired, isForbidden }
  const cases: Record<string, unknown> = {
    isNotFound: new ApiError({ code: 404 }),
    isConflict: new ApiError({ code: 409, reason: 'AlreadyExists' }),
    isExpired: new ApiError({ code: 410 }),
    isForbidden: new ApiError({ code: 403 }),
  }
  for (const [name, is] of Object.entries(tests))
    for (const [other, error] of Object.entries(cases)) t.equal(is(error), name === other)
  t.ok(isExpired(new ApiError({ code: 400, reason: 'Expired' })))
  t.ok(isExpired(new ApiError({ code: 400, reason: 'Gone' })))
  for (const is of Object.values(tests)) t.notOk(is(new Error('404')))
})

t.test('knows what passes by itself', async t => {
  for (const error of [
    new ApiError({ code: 429 }),
    new ApiError({ code: 503 }),
    new KradleError('ConnectionFailed', ''),
    new KradleError('RequestTimeout', ''),
  ])
    t.ok(isTransient(error))
  for (const error of [
    new ApiError({ code: 422 }),
    new KradleError('UndeclaredWrite', ''),
    new Error('bug'),
  ])
    t.notOk(isTransient(error))
})
