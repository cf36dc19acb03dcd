import t from 'tap'
import { burst, type BurstOptions, type Moment } from '#hack/bench/scan/burst.ts'

const cost = { scanner: 0, servers: 0 }

/** Writes as they are seen, one look a second; the last goes on being seen. */
function follow(writes: readonly number[], more: Partial<BurstOptions> = {}) {
  let looks = 0
  const told: string[] = []
  const now = async (): Promise<Moment> => {
    looks++
    return { at: looks * 1000, writes: writes[Math.min(looks, writes.length) - 1]!, cost }
  }
  const done = burst({
    from: { at: 0, writes: 10, cost },
    now,
    state: async latest => ({ isDone: latest.writes >= 13, told: `${latest.writes} of 13` }),
    note: text => told.push(text),
    lookEveryMs: 0,
    beginWithinMs: 5000,
    endWithinMs: 9000,
    silenceMs: 3000,
    ...more,
  })
  return { done, told }
}

t.test('goes from before the first write to the last', async t => {
  const { done, told } = follow([10, 10, 11, 12, 12, 13])
  t.strictSame(await done, {
    begun: { at: 2000, writes: 10, cost },
    ended: { at: 6000, writes: 13, cost },
  })
  t.equal(told.at(-1), '13 of 13')
  t.match(await follow([11, 13]).done, { begun: { at: 0 }, ended: { at: 2000 } })
})

t.test('says what was seen where nothing comes, too little, or no end', async t => {
  await t.rejects(follow([10]).done, { message: 'nothing was written in 6 s' })
  await t.rejects(follow([10, 12]).done, {
    message: 'nothing is written any more, and there are only 12 of 13',
  })
  const { done } = follow([11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
  await t.rejects(done, { message: 'it still writes after 10 s: there are 20 of 13' })
})
