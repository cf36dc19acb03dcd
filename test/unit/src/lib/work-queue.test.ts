import t from 'tap'
import type { Clock } from '#src/lib/clock.ts'
import { WorkQueue, type Outcome } from '#src/lib/work-queue.ts'

/** A clock that stands until it is told to move on. */
class ManualClock implements Clock {
  #now = 0
  readonly #tasks = new Map<object, { at: number; task: () => void }>()

  now() {
    return this.#now
  }

  after(ms: number, task: () => void) {
    const id = {}
    this.#tasks.set(id, { at: this.#now + ms, task })
    return () => void this.#tasks.delete(id)
  }

  get waiting() {
    return this.#tasks.size
  }

  async pass(ms: number) {
    this.#now += ms
    for (const [id, { at, task }] of this.#tasks) {
      if (at > this.#now) continue
      this.#tasks.delete(id)
      task()
    }
    await settle()
  }
}

const settle = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

/** A queue whose work ends when the test says so. */
function queueOf({ concurrency = 1 } = {}) {
  const clock = new ManualClock()
  const begun: string[] = []
  const running = new Map<string, (outcome: Outcome | Error) => void>()
  const queue = new WorkQueue({
    concurrency,
    clock,
    backoff: { baseMs: 100, maxMs: 1000, random: () => 1 },
    process: key => {
      begun.push(key)
      if (running.has(key)) throw new Error(`${key} is dealt with twice at a time`)
      return new Promise((resolve, reject) =>
        running.set(key, outcome => {
          running.delete(key)
          if (outcome instanceof Error) reject(outcome)
          else resolve(outcome)
        }),
      )
    },
  })
  const end = async (key: string, outcome: Outcome | Error = 'done') => {
    running.get(key)?.(outcome)
    await settle()
  }
  return { queue, clock, begun, end }
}

t.test('a key waits once, and work begins after the caller is through', async t => {
  const { queue, begun, end } = queueOf()
  for (const key of ['a', 'b', 'b', 'b']) queue.add(key)
  t.strictSame(begun, [])
  await settle()
  t.strictSame(begun, ['a'])
  t.equal(queue.depth, 1)
  await end('a')
  await end('b')
  t.strictSame(begun, ['a', 'b'])
  t.equal(queue.depth, 0)
})

t.test('a key is never dealt with twice at a time, and comes again', async t => {
  const { queue, begun, end } = queueOf({ concurrency: 2 })
  queue.add('a')
  await settle()
  queue.add('a')
  queue.add('a')
  await settle()
  t.strictSame(begun, ['a'])
  t.equal(queue.depth, 1)
  await end('a')
  t.strictSame(begun, ['a', 'a'])
  await end('a')
  t.strictSame(begun, ['a', 'a'])
})

t.test('no more run at a time than allowed', async t => {
  const { queue, begun, end } = queueOf({ concurrency: 2 })
  for (const key of ['a', 'b', 'c']) queue.add(key)
  await settle()
  t.strictSame(begun, ['a', 'b'])
  await end('b')
  t.strictSame(begun, ['a', 'b', 'c'])
})

t.test('a failed key comes again, later each time', async t => {
  const { queue, clock, begun, end } = queueOf()
  queue.add('a')
  await settle()
  for (const ms of [100, 200, 400, 800, 1000, 1000]) {
    await end('a', ms === 200 ? new Error('rejected') : 'retry')
    const before = begun.length
    await clock.pass(ms - 1)
    t.equal(begun.length, before, `not before ${ms} ms`)
    await clock.pass(1)
    t.equal(begun.length, before + 1)
  }
  await end('a')
  queue.add('a')
  await settle()
  await end('a', 'retry')
  const before = begun.length
  await clock.pass(100)
  t.equal(begun.length, before + 1, 'success starts from the beginning')
})

t.test('a delay can be kept short', async t => {
  const { queue, clock, begun, end } = queueOf()
  queue.add('a')
  await settle()
  for (const ms of [100, 150, 150]) {
    await end('a', { retryWithinMs: 150 })
    const before = begun.length
    await clock.pass(ms - 1)
    t.equal(begun.length, before)
    await clock.pass(1)
    t.equal(begun.length, before + 1)
  }
})

t.test('news do not wait for the backoff', async t => {
  const { queue, begun, end } = queueOf()
  queue.add('a')
  await settle()
  await end('a', 'retry')
  queue.add('a')
  await settle()
  t.strictSame(begun, ['a', 'a'])
})

t.test('a key can be asked for later; the earlier time counts', async t => {
  const { queue, clock, begun, end } = queueOf()
  queue.addAfter('a', 500)
  queue.addAfter('a', 900)
  t.equal(clock.waiting, 1)
  queue.addAfter('a', 100)
  t.equal(clock.waiting, 1)
  await clock.pass(100)
  t.strictSame(begun, ['a'])
  await end('a', { afterMs: 50 })
  await clock.pass(50)
  t.strictSame(begun, ['a', 'a'])
})

t.test('a forgotten key has no timer and no history', async t => {
  const { queue, clock, begun, end } = queueOf()
  queue.add('a')
  await settle()
  await end('a', 'retry')
  queue.forget('a')
  queue.forget('never seen')
  await clock.pass(10_000)
  t.strictSame(begun, ['a'])
  queue.add('a')
  await settle()
  await end('a', 'retry')
  await clock.pass(100)
  t.equal(begun.length, 3)
})

t.test('a stop waits for what runs and takes nothing more', async t => {
  const { queue, clock, begun, end } = queueOf({ concurrency: 2 })
  for (const key of ['a', 'b', 'c']) queue.add(key)
  queue.addAfter('d', 10)
  await settle()
  queue.add('a')
  let stopped = false
  const stop = queue.stop().then(() => (stopped = true))
  queue.add('e')
  queue.addAfter('f', 1)
  await end('a', 'retry')
  t.notOk(stopped)
  await end('b')
  await stop
  await clock.pass(10_000)
  t.strictSame(begun, ['a', 'b'])
  await queue.stop()
})

t.test('a stop of an idle queue, with real time', async t => {
  const queue = new WorkQueue({ concurrency: 1, process: async () => 'retry' })
  queue.add('a')
  await new Promise(resolve => void setTimeout(resolve, 30))
  await queue.stop()
  t.equal(queue.depth, 0)
})
