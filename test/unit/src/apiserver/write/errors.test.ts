import t from 'tap'
import {
  alreadyExists,
  badRequest,
  claimTaken,
  conflict,
  failed,
  invalid,
  methodNotAllowed,
  noNameLeft,
  notFound,
  tooLarge,
  unsupportedMediaType,
} from '#src/apiserver/write/errors.ts'
import { required } from '#src/lib/schema/cause.ts'

const kind = { group: 'x.io', version: 'v1', kind: 'Gadget', plural: 'gadgets', namespaced: true }
const details = { name: 'a', group: 'x.io', kind: 'gadgets' }

t.test('in the words of kube-apiserver', async t => {
  const refusals = [
    [badRequest('no'), 400, 'BadRequest', 'no', undefined],
    [failed('no'), 500, '', 'no', undefined],
    [tooLarge('no'), 413, 'RequestEntityTooLarge', 'Request entity too large: no', undefined],
    [
      unsupportedMediaType(['a/b', 'c/d']),
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: a/b, c/d',
      undefined,
    ],
    [notFound(kind, 'a'), 404, 'NotFound', 'gadgets.x.io "a" not found', details],
    [
      methodNotAllowed(kind, 'patch'),
      405,
      'MethodNotAllowed',
      'patch is not supported on resources of kind "gadgets.x.io"',
      { group: 'x.io', kind: 'gadgets' },
    ],
    [alreadyExists(kind, 'a'), 409, 'AlreadyExists', 'gadgets.x.io "a" already exists', details],
    [
      noNameLeft(kind, 'a'),
      409,
      'AlreadyExists',
      'gadgets.x.io "a" already exists, the server was not able to generate a unique name for the object',
      { ...details, retryAfterSeconds: 1 },
    ],
    [
      claimTaken(kind, 'b', 'a'),
      409,
      'AlreadyExists',
      'gadgets.x.io "b" already exists under the name "a"',
      details,
    ],
    [
      conflict(kind, 'a', 'no'),
      409,
      'Conflict',
      'Operation cannot be fulfilled on gadgets.x.io "a": no',
      details,
    ],
    [
      conflict(kind, 'a', 'no', 'Gadget'),
      409,
      'Conflict',
      'Operation cannot be fulfilled on Gadget.x.io "a": no',
      { ...details, kind: 'Gadget' },
    ],
  ] as const
  for (const [error, code, reason, message, want] of refusals)
    t.strictSame(
      [error.code, error.reason, error.message, error.details],
      [code, reason, message, want],
    )
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
