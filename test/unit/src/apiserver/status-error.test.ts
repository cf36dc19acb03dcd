import t from 'tap'
import {
  badRequest,
  expired,
  internalError,
  invalid,
  methodNotAllowedThere,
  methodNotSupported,
  noSuchResource,
  notAcceptable,
  notFound,
  requestTooLarge,
  serviceUnavailable,
  StatusError,
  timedOut,
  tooLarge,
  unknownOutcome,
  tooLargeVersion,
  tooManyRequests,
  unsupportedMediaType,
} from '#src/apiserver/status-error.ts'
import { required } from '#src/lib/schema/cause.ts'

const kind = { group: 'g.example', version: 'v1', kind: 'Note', plural: 'notes', namespaced: true }

t.test('has the body of a metav1.Status', async t => {
  const error = new StatusError(418, 'Teapot', 'no coffee', { retryAfterSeconds: 3 })
  t.equal(error.retryAfterSeconds, 3)
  t.equal(error.name, 'StatusError')
  t.strictSame(error.body, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'no coffee',
    reason: 'Teapot',
    details: { retryAfterSeconds: 3 },
    code: 418,
  })
  t.notOk('details' in badRequest('x').body)
})

t.test('says what the API server says', async t => {
  const cases: [StatusError, number, string, string][] = [
    [badRequest('x'), 400, 'BadRequest', 'x'],
    [notFound(kind, 'a'), 404, 'NotFound', 'notes.g.example "a" not found'],
    [notFound(kind, 'a"\0'), 404, 'NotFound', String.raw`notes.g.example "a\"\x00" not found`],
    [noSuchResource(), 404, 'NotFound', 'the server could not find the requested resource'],
    [
      methodNotSupported(kind, 'create'),
      405,
      'MethodNotAllowed',
      'create is not supported on resources of kind "notes.g.example"',
    ],
    [
      methodNotAllowedThere(),
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
    ],
    [notAcceptable('x'), 406, 'NotAcceptable', 'x'],
    [expired('x'), 410, 'Expired', 'x'],
    [tooLarge('no'), 413, 'RequestEntityTooLarge', 'Request entity too large: no'],
    [requestTooLarge(5), 413, 'RequestEntityTooLarge', 'Request entity too large: limit is 5'],
    [
      unsupportedMediaType(['a/b', 'c/d']),
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: a/b, c/d',
    ],
    [tooManyRequests('x'), 429, 'TooManyRequests', 'x'],
    [internalError(), 500, 'InternalError', 'Internal error occurred'],
    [serviceUnavailable('x'), 503, 'ServiceUnavailable', 'x'],
    [
      unknownOutcome(),
      504,
      'Timeout',
      'Timeout: the storage did not answer, and may have stored it all the same; look before trying again',
    ],
    [timedOut(), 504, 'Timeout', 'Timeout: request did not complete within the allotted timeout'],
    [
      tooLargeVersion('9', '7'),
      504,
      'Timeout',
      'Timeout: Too large resource version: 9, current: 7',
    ],
    [
      tooLargeVersion('9', ''),
      504,
      'Timeout',
      'Timeout: Too large resource version: 9, current: 0',
    ],
  ]
  for (const [{ body }, code, reason, message] of cases)
    t.match(body, { code, reason, message }, message)
})

t.test('names what it is about', async t => {
  const details = { name: 'a', group: 'g.example', kind: 'notes' }
  t.strictSame(notFound(kind, 'a').details, details)
  const { name: _, ...nameless } = details
  t.strictSame(methodNotSupported(kind, 'patch').details, nameless)
  for (const error of [badRequest('x'), tooLarge('x'), unsupportedMediaType(['a/b'])])
    t.equal(error.details, undefined)
})

t.test('an invalid request names its causes', async t => {
  const one = { field: 'a', reason: 'FieldValueInvalid', message: 'Invalid value: 1' } as const
  const two = { field: 'b', reason: 'FieldValueForbidden', message: 'Forbidden: no' } as const
  t.match(invalid({ group: 'g', kind: 'K' }, '', [one]).body, {
    code: 422,
    message: 'K.g "" is invalid: a: Invalid value: 1',
    details: { group: 'g', kind: 'K', causes: [one] },
  })
  t.match(invalid({ group: '', kind: 'K' }, 'n', [one, two]).body, {
    message: 'K "n" is invalid: [a: Invalid value: 1, b: Forbidden: no]',
    details: { name: 'n' },
  })
})

t.test('everything that is wrong is a cause, and said once', async t => {
  const error = invalid({ group: 'x.io', kind: 'Gadget' }, 'a', [
    required('a'),
    required('b'),
    required('a'),
  ])
  t.equal(error.message, 'Gadget.x.io "a" is invalid: [a: Required value, b: Required value]')
  t.equal(error.details?.causes?.length, 3)
  const bare = invalid({ group: '', kind: '' }, '', [required('a')])
  t.equal(bare.message, ' "" is invalid: a: Required value')
  t.strictSame(bare.details, {
    causes: [{ reason: 'FieldValueRequired', message: 'Required value', field: 'a' }],
  })
})

t.test('a token to go on with stands in the metadata', async t => {
  t.strictSame(expired('x', { continue: 'y' }).body.metadata, { continue: 'y' })
})
