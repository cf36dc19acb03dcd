import t from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import { ahead } from '#src/scan/ahead.ts'

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const each of results) list.push(each)
  return list
}

t.test(
  'results come in order, whichever is done first, and not too many are under way',
  async t => {
    let running = 0
    let most = 0
    const task = async (item: number) => {
      most = Math.max(most, ++running)
      await sleep(10 - item)
      running--
      return item * 2
    }
    t.strictSame(await all(ahead([1, 2, 3, 4, 5, 6, 7], 3, task)), [2, 4, 6, 8, 10, 12, 14])
    t.equal(most, 3)
    t.strictSame(await all(ahead([1, 2], 3, task)), [2, 4])
    t.strictSame(await all(ahead([], 3, task)), [])
  },
)

t.test('whoever takes slowly holds up what has not begun', async t => {
  const begun: number[] = []
  const results = ahead([1, 2, 3, 4], 2, async item => begun.push(item))
  await results.next()
  t.strictSame(begun, [1, 2])
  await results.next()
  t.strictSame(begun, [1, 2, 3])
})

t.test('one that fails ends it', async t => {
  const begun: number[] = []
  const task = async (item: number) => {
    begun.push(item)
    throw new Error(`no ${item}`)
  }
  await t.rejects(all(ahead([1, 2, 3], 2, task)), { message: 'no 1' })
  t.strictSame(begun, [1, 2])
})
