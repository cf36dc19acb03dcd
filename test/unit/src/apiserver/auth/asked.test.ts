import t from 'tap'
import { asked } from '#src/apiserver/auth/asked.ts'
import { ApiError } from '#src/lib/api-error.ts'
import { KradleError } from '#src/lib/errors.ts'

/** Fails with each of these in turn, and then answers. */
function failing(...errors: Error[]) {
  const warnings: unknown[] = []
  let count = 0
  return {
    ask: () => {
      const error = errors[count++]
      return error ? Promise.reject(error) : Promise.resolve('yes')
    },
    get asked() {
      return count
    },
    warnings,
    log: { warn: (data: unknown) => void warnings.push(data) } as never,
  }
}
const down = new KradleError('ConnectionFailed', 'refused')
const busy = new ApiError({ code: 429 })

t.test('asks again where the API server was out of reach', async t => {
  const one = failing(down, busy)
  t.equal(await asked(one.log, 'Review', one.ask), 'yes')
  t.equal(one.asked, 3)
  t.strictSame(one.warnings, [])
})

t.test('gives up after a while, and says so', async t => {
  const one = failing(down, down, down, down)
  await t.rejects(asked(one.log, 'Review', one.ask), {
    code: 503,
    reason: 'ServiceUnavailable',
    message: 'Review: no answer from the API server',
    retryAfterSeconds: 1,
  })
  t.equal(one.asked, 3)
  t.strictSame(one.warnings, [{ what: 'Review', reason: 'refused' }])
})

t.test('does not ask again what will be refused again', async t => {
  const one = failing(new ApiError({ code: 403, message: 'no' }))
  await t.rejects(asked(one.log, 'Review', one.ask), { code: 503 })
  t.equal(one.asked, 1)
})
