import t from 'tap'
import { failure } from '#src/apiserver/http/failure.ts'
import { badRequest } from '#src/apiserver/status-error.ts'
import { OutcomeUnknown, StorageUnavailable } from '#src/apiserver/storage/store.ts'
import { createLog } from '#src/lib/log.ts'

const lines: string[] = []
const log = createLog('test', 'debug', { write: (line: string) => void lines.push(line) })
const fail = (error: unknown) => {
  lines.length = 0
  return failure(error, log, { verb: 'get', resource: 'notes' })
}

t.test('says what was meant to be said', async t => {
  const error = badRequest('x')
  t.equal(fail(error), error)
  t.strictSame(lines, [])
})

t.test('a storage that cannot be reached is asked again', async t => {
  t.match(fail(new StorageUnavailable('no connection')), { code: 503, retryAfterSeconds: 1 })
  t.match(JSON.parse(lines[0]!), { level: 'warn', verb: 'get', reason: 'no connection' })
})

t.test('what may have been stored is not asked for again unseen', async t => {
  const error = fail(new OutcomeUnknown('broken off'))
  t.match(error, { code: 504, reason: 'Timeout', retryAfterSeconds: undefined })
  t.match(JSON.parse(lines[0]!), { level: 'warn', verb: 'get', reason: 'broken off' })
})

t.test('what fastify finds wrong is the fault of the request', async t => {
  const of = (code: string, statusCode: number) =>
    Object.assign(new Error('secret'), { code, statusCode })
  t.match(fail(of('FST_ERR_CTP_BODY_TOO_LARGE', 413)).body, {
    code: 413,
    message: 'Request entity too large: limit is 3145728',
  })
  t.match(fail(of('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415)), { code: 415 })
  t.match(fail(of('FST_ERR_BAD_URL', 400)).body, {
    code: 400,
    message: 'the request could not be understood',
  })
  t.strictSame(lines, [])
})

t.test('whatever else it is, is in the log alone', async t => {
  for (const error of [
    new Error('secret'),
    Object.assign(new Error('secret'), { statusCode: 500 }),
  ])
    t.strictSame(fail(error).body, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Internal error occurred',
      reason: 'InternalError',
      code: 500,
    })
  t.match(JSON.parse(lines[0]!), { level: 'error', resource: 'notes', err: { message: 'secret' } })
})
