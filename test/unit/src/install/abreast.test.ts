import t from 'tap'
import { abreast } from '#src/install/abreast.ts'

t.test('works through all, in order, and never on too many at a time', async t => {
  let running = 0
  let most = 0
  const items = Array.from({ length: 20 }, (_, index) => index)
  const results = await abreast(items, async item => {
    most = Math.max(most, ++running)
    await new Promise(resolve => setImmediate(resolve))
    running--
    return item * 2
  })
  t.strictSame(
    results,
    items.map(item => item * 2),
  )
  t.equal(most, 8)
  t.strictSame(await abreast([], async () => 1), [])
})
