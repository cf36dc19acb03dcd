import t from 'tap'
import { insist } from '#src/install/insist.ts'
import { ApiError } from '#src/lib/api-error.ts'

const busy = new ApiError({ code: 503, message: 'busy' })
const counting = (...errors: Error[]) => {
  const calls = { count: 0 }
  const attempt = async () => {
    const error = errors[calls.count++]
    if (error) throw error
    return 'done'
  }
  return { calls, attempt }
}

t.test('tries again where that may help', async t => {
  const { attempt, calls } = counting(busy)
  t.equal(await insist(attempt, { signal: AbortSignal.timeout(60_000) }), 'done')
  t.equal(calls.count, 2)
})

t.test('gives up where it does not, and where the time is over', async t => {
  const forbidden = new ApiError({ code: 403, message: 'no' })
  const signal = new AbortController().signal
  await t.rejects(insist(counting(forbidden).attempt, { signal }), { message: 'no' })
  const { attempt, calls } = counting(busy, busy)
  await t.rejects(insist(attempt, { signal: AbortSignal.abort() }), { message: 'busy' })
  t.equal(calls.count, 1)
  t.equal(await insist(counting(forbidden).attempt, { signal, again: () => true }), 'done')
})
