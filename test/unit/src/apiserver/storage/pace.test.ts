import t from 'tap'
import { Pace } from '#src/apiserver/storage/pace.ts'
import type { Clock } from '#src/lib/clock.ts'

/** Time that passes when something waits for it. */
function clock() {
  const waits: number[] = []
  const tasks = new Set<() => void>()
  const fake: Clock = {
    now: () => 0,
    after(ms, task) {
      waits.push(Math.round(ms))
      tasks.add(task)
      return () => tasks.delete(task)
    },
  }
  /** Lets whatever waits go on. */
  const pass = async (times = 1) => {
    for (let time = 0; time < times; time++) {
      await Promise.resolve()
      const [task] = tasks
      if (task) tasks.delete(task)
      task?.()
      for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    }
  }
  return { fake, waits, pass }
}

t.test('soon while there is something, seldom when there is not', async t => {
  const pace = new Pace()
  pace.read(3, true)
  t.equal(pace.delay, 10)
  pace.read(0, true)
  t.equal(pace.delay, 15)
  for (let quiet = 0; quiet < 10; quiet++) pace.read(0, true)
  t.equal(pace.delay, 100)
  pace.read(500, false)
  t.equal(pace.delay, 0)
  pace.read(0, true)
  t.equal(pace.delay, 10)
})

t.test('a hint ends the pause, but not the least of it', async t => {
  const { fake, waits, pass } = clock()
  const pace = new Pace(fake)
  pace.read(1, true)
  const whole = pace.pause()
  await pass(2)
  await whole
  t.strictSame(waits.splice(0), [4, 6])
  for (let quiet = 0; quiet < 10; quiet++) pace.read(0, true)
  const hurried = pace.pause()
  await pass()
  pace.hurry()
  await hurried
  t.strictSame(waits.splice(0), [4, 96])
  t.equal(pace.delay, 10)
  pace.hurry()
  const early = pace.pause()
  await pass()
  await early
  t.strictSame(waits.splice(0), [4])
})

t.test('longer and longer after failures', async t => {
  const { fake, waits, pass } = clock()
  const pace = new Pace(fake)
  for (let failure = 0; failure < 8; failure++) {
    const waiting = pace.afterFailure()
    await pass()
    await waiting
  }
  t.ok(waits[0]! <= 50)
  t.ok(waits[7]! >= 500)
  pace.read(0, true)
  const waiting = pace.afterFailure()
  await pass()
  await waiting
  t.ok(waits[8]! <= 50)
})

t.test('it stops at once', async t => {
  const { fake, pass } = clock()
  const pace = new Pace(fake)
  const waiting = pace.pause()
  await pass()
  pace.stop()
  await waiting
  t.equal(pace.stopped, true)
  t.equal(pace.signal.aborted, true)
  await pace.pause()
  await pace.moment()
  const other = new Pace(fake)
  other.stop()
  t.equal(other.stopped, true)
})
