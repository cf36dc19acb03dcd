import t from 'tap'
import { nextLook } from '#src/controllers/grants/next-look.ts'
import { now } from '#test/fixtures.ts'

t.test('soon where something is missing, otherwise now and then', async t => {
  t.equal(nextLook(now, 'a', true), 30)
  const usual = Array.from({ length: 200 }, (_, index) => nextLook(now, String(index), false))
  for (const seconds of usual) t.ok(seconds >= 1620 && seconds <= 1980, String(seconds))
  t.ok(new Set(usual).size > 50, 'not all at once')
  t.equal(nextLook(now, 'a', false), nextLook(now, 'a', false))
})

t.test('no later than what is to come', async t => {
  t.equal(nextLook(now, 'a', false, ['2026-11-21T12:00:07.400Z', undefined]), 8)
  t.equal(nextLook(now, 'a', true, ['2026-11-21T13:00:00Z']), 30)
  t.equal(nextLook(now, 'a', true, ['2026-11-21T11:00:00Z', '2026-11-21T12:00:00Z']), 30)
})
