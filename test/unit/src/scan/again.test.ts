import t from 'tap'
import { ApiError } from '#src/lib/api-error.ts'
import { untilWhole } from '#src/scan/again.ts'

const expired = new ApiError({ code: 410, reason: 'Expired' })
const failing = (errors: readonly Error[]) => {
  const left = [...errors]
  return async () => {
    const error = left.shift()
    if (error) throw error
    return left.length
  }
}

t.test('begins anew where the server forgot what it was reading, and not for ever', async t => {
  t.equal(await untilWhole(failing([])), 0)
  t.equal(await untilWhole(failing([expired, expired])), 0)
  await t.rejects(untilWhole(failing([expired, expired, expired])), { code: 410 })
  await t.rejects(untilWhole(failing([expired]), 0), { code: 410 })
  await t.rejects(untilWhole(failing([new Error('other')])), { message: 'other' })
})
