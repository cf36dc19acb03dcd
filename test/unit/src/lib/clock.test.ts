import t from 'tap'
import { sleep, systemClock } from '#src/lib/clock.ts'

t.test('runs a task later, unless it is cancelled', async t => {
  const ran: string[] = []
  const cancel = systemClock.after(5, () => ran.push('cancelled'))
  systemClock.after(Number.MAX_SAFE_INTEGER, () => ran.push('at once'))()
  cancel()
  const before = systemClock.now()
  await new Promise<void>(resolve => void systemClock.after(20, resolve))
  t.ok(systemClock.now() - before >= 15)
  t.strictSame(ran, [])
})

t.test('sleeps until the time is over or the signal comes', async t => {
  const stop = new AbortController()
  const before = systemClock.now()
  await sleep(10, stop.signal)
  t.ok(systemClock.now() - before >= 5)
  const long = sleep(60_000, stop.signal)
  stop.abort()
  await long
  await sleep(60_000, stop.signal)
  t.ok(systemClock.now() - before < 30_000)
})
