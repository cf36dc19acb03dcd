import t from 'tap'
import {
  alreadyExists,
  claimTaken,
  conflict,
  failed,
  noNameLeft,
} from '#src/apiserver/write/errors.ts'

const kind = { group: 'x.io', version: 'v1', kind: 'Gadget', plural: 'gadgets', namespaced: true }
const details = { name: 'a', group: 'x.io', kind: 'gadgets' }

t.test('in the words of kube-apiserver', async t => {
  const refusals = [
    [failed('no'), 500, '', 'no', undefined],
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
