import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { limit } from '#src/admission/limit.ts'

/** Starts tasks that end when they are told to, and keeps what has begun. */
function tasks(count: number, inTurn: ReturnType<typeof limit>) {
  const begun: number[] = []
  const ends = Array.from({ length: count }, () => Promise.withResolvers<number>())
  const results = ends.map(({ promise }, index) =>
    inTurn(() => {
      begun.push(index)
      return promise
    }),
  )
  return { begun, ends, results }
}

t.test('runs so many at a time, the others in order', async t => {
  const { begun, ends, results } = tasks(5, limit(2))
  await setImmediate()
  t.strictSame(begun, [0, 1])
  ends[1]!.resolve(1)
  t.equal(await results[1], 1)
  await setImmediate()
  t.strictSame(begun, [0, 1, 2])
  for (const [index, { resolve }] of ends.entries()) resolve(index)
  t.strictSame(await Promise.all(results), [0, 1, 2, 3, 4])
  t.strictSame(begun, [0, 1, 2, 3, 4])
})

t.test('a task that fails leaves its place, and so do the last ones', async t => {
  const inTurn = limit(1)
  const { begun, ends, results } = tasks(2, inTurn)
  ends[0]!.reject(new Error('gone'))
  await t.rejects(results[0]!, { message: 'gone' })
  ends[1]!.resolve(1)
  t.equal(await results[1], 1)
  await t.rejects(
    inTurn(() => {
      throw new Error('at once')
    }),
    { message: 'at once' },
  )
  const later = tasks(2, inTurn)
  await setImmediate()
  t.strictSame([begun, later.begun], [[0, 1], [0]], 'one at a time as before')
  for (const { resolve } of later.ends) resolve(0)
  await Promise.all(later.results)
})
