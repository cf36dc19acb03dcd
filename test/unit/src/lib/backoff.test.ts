import t from 'tap'
import { backoffMs } from '#src/lib/backoff.ts'

t.test('doubles up to the maximum, between half and all of it', async t => {
  const delays = (random: () => number) =>
    [0, 1, 2, 3, 10, 2000].map(attempt => backoffMs(attempt, { baseMs: 500, maxMs: 3000, random }))
  t.strictSame(
    delays(() => 0),
    [250, 500, 1000, 1500, 1500, 1500],
  )
  t.strictSame(
    delays(() => 1),
    [500, 1000, 2000, 3000, 3000, 3000],
  )
})

t.test('is not the same for everybody', async t => {
  const delays = new Set(
    Array.from({ length: 50 }, () => backoffMs(3, { baseMs: 100, maxMs: 1e6 })),
  )
  t.ok(delays.size > 40)
})
