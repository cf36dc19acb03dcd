import t from 'tap'
import { closing } from '#src/apiserver/http/closing.ts'

t.test('ends what is left once nothing is answered any more', async t => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let busy = true
  const asked: boolean[] = []
  await closing(promise, {
    busy: () => {
      asked.push(busy)
      const was = busy
      busy = false
      return was
    },
    closeAll: resolve,
    mostMs: 60_000,
  })
  t.strictSame(asked, [true, false], 'what is under way is waited for')
})

t.test('waits for nobody for longer than it must', async t => {
  const { promise, resolve } = Promise.withResolvers<void>()
  await closing(promise, { busy: () => true, closeAll: resolve, mostMs: 10 })
  t.pass()
})

t.test('leaves it as it is where all have gone', async t => {
  const closeAll = () => t.fail('there was nothing to end')
  await closing(Promise.resolve(), { busy: () => false, closeAll, mostMs: 10 })
  const failed = Promise.reject(new Error('not listening'))
  await t.rejects(closing(failed, { busy: () => false, closeAll, mostMs: 10 }), /not listening/)
})
