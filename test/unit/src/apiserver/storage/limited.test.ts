import t from 'tap'
import { limited } from '#src/apiserver/storage/limited.ts'
import { StorageUnavailable } from '#src/apiserver/storage/store.ts'

const never = new Promise<string>(() => {})

t.test('what it comes to', async t => {
  const { signal } = new AbortController()
  t.equal(await limited(Promise.resolve('done'), 1_000, signal), 'done')
  t.equal(await limited(Promise.resolve('done'), 1_000), 'done')
  await t.rejects(limited(Promise.reject(new Error('wrong')), 1_000, signal), { message: 'wrong' })
})

t.test('not longer than that', async t => {
  await t.rejects(limited(never, 5), StorageUnavailable)
  await t.rejects(limited(never, -5), StorageUnavailable)
})

t.test('not beyond the signal', async t => {
  const reason = new Error('gone')
  await t.rejects(limited(never, 1_000, AbortSignal.abort(reason)), reason)
  const controller = new AbortController()
  const waiting = limited(never, 1_000, controller.signal)
  controller.abort(reason)
  await t.rejects(waiting, reason)
})
