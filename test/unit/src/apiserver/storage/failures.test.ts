import t from 'tap'
import { sqlState, storeError, violated } from '#src/apiserver/storage/failures.ts'
import { OutcomeUnknown, StorageUnavailable } from '#src/apiserver/storage/store.ts'

const answered = (code: string, more: object = {}) =>
  Object.assign(new Error(code), { code, severity: 'ERROR', ...more })

t.test('what PostgreSQL has answered, and what has not come from it', async t => {
  t.equal(sqlState(answered('23505')), '23505')
  t.equal(sqlState(Object.assign(new Error(), { code: 'ECONNREFUSED' })), undefined)
  t.equal(sqlState(new Error('Connection terminated')), undefined)
  t.equal(violated(answered('23505', { constraint: 'object_claim' })), 'object_claim')
  t.equal(violated(answered('23514', { constraint: 'object_claim' })), undefined)
})

t.test('storage is unavailable', async t => {
  const codes = ['08006', '28P01', '3D000', '3F000', '53300', '57P01', '57014', '58030']
  for (const code of [...codes, '25006', '25P03', '55P03', '42P01', '42883']) {
    const cause = answered(code)
    const error = storeError(cause) as StorageUnavailable
    t.ok(error instanceof StorageUnavailable, code)
    t.equal(error.cause, cause)
  }
  t.ok(storeError(new Error('Connection terminated unexpectedly')) instanceof StorageUnavailable)
})

t.test('anything else stays what it is', async t => {
  for (const error of [
    new OutcomeUnknown('broken off'),
    answered('22021'),
    answered('42601'),
    new TypeError('a bug'),
    new StorageUnavailable('already'),
  ])
    t.equal(storeError(error), error)
})
