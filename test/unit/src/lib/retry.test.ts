import t from 'tap'
import { ApiError } from '#src/lib/api-error.ts'
import { KradleError } from '#src/lib/errors.ts'
import { retried } from '#src/lib/retry.ts'

const busy = (retryAfterSeconds?: number, code = 429) =>
  new ApiError({ code, ...(retryAfterSeconds !== undefined && { details: { retryAfterSeconds } }) })
const stale = (reused: boolean) =>
  new KradleError('ConnectionFailed', 'reset', { cause: { code: 'ECONNRESET', reused } })

/** Fails with the given errors, one after the other, then succeeds. */
function attemptOf(...errors: Error[]) {
  const waits: number[] = []
  let tries = 0
  const clock = {
    now: () => 0,
    after(ms: number, task: () => void) {
      waits.push(ms)
      queueMicrotask(task)
      return () => {}
    },
  }
  const attempt = async () => {
    tries++
    const error = errors.shift()
    if (error) throw error
    return 'done'
  }
  return { waits, clock, attempt, tries: () => tries }
}

t.test('repeats what the server was too busy for, when it says', async t => {
  const { attempt, waits, clock } = attemptOf(busy(1), busy(2, 503))
  t.equal(await retried(attempt, undefined, clock), 'done')
  t.strictSame(waits, [1000, 2000])
})

t.test('repeats at once where the connection was an old one', async t => {
  const { attempt, waits, clock } = attemptOf(stale(true))
  t.equal(await retried(attempt, undefined, clock), 'done')
  t.strictSame(waits, [0])
})

t.test('gives up on anything else, and after three tries', async t => {
  for (const error of [
    busy(),
    busy(60),
    busy(1, 500),
    stale(false),
    new KradleError('ConnectionFailed', 'no cause'),
    new Error('other'),
  ]) {
    const { attempt, clock, tries } = attemptOf(error)
    await t.rejects(retried(attempt, undefined, clock), error)
    t.equal(tries(), 1)
  }
  const { attempt, clock, tries } = attemptOf(busy(1), busy(1), busy(1))
  await t.rejects(retried(attempt, undefined, clock), { code: 429 })
  t.equal(tries(), 3)
})

t.test('does not repeat what was called off', async t => {
  const stop = new AbortController()
  stop.abort()
  const { attempt, tries } = attemptOf(busy(0))
  await t.rejects(retried(attempt, stop.signal))
  t.equal(tries(), 1)
  t.equal(await retried(attempt), 'done')
})
