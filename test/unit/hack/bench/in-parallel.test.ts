import t from 'tap'
import { inParallel } from '#hack/bench/in-parallel.ts'

t.test('every item is done once, and no more of them at a time than there are workers', async t => {
  const done: number[] = []
  let [now, most] = [0, 0]
  await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async item => {
    most = Math.max(most, ++now)
    await Promise.resolve()
    now--
    done.push(item)
  })
  t.strictSame(done, [1, 2, 3, 4, 5, 6, 7])
  t.equal(most, 3)
})

t.test('items are taken as they come', async t => {
  let made = 0
  function* items() {
    for (;;) yield ++made
  }
  const failing = inParallel(items(), 2, async item => {
    await Promise.resolve()
    if (item === 5) throw new Error('the fifth')
    if (item > 5) await new Promise(() => {})
  })
  await t.rejects(failing, { message: 'the fifth' })
  t.ok(made <= 6, 'not all at once')
})

t.test('of nothing nothing is done', async t => {
  await inParallel([], 2, () => t.fail('there is no item') as never)
})
