import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from '#hack/bench/statistics.ts'

/** How one write went. */
export interface Write {
  readonly index: number
  /** From the moment it was due, so that a stall counts for all that had to wait for it. */
  readonly ms: number
  /** undefined where it succeeded. */
  readonly error: Error | undefined
}

/** A machine that cannot keep up makes the load slower, not the queue longer: it is not what these tests are about. */
const MAX_IN_FLIGHT = 32

/** Writes at a steady rate, whatever becomes of the ones before, until stopped. */
export class Load {
  readonly writes: Write[] = []

  readonly #send: (index: number) => Promise<unknown>
  readonly #running = new Set<Promise<void>>()
  readonly #startedAt = performance.now()
  readonly #loop: Promise<void>
  #stopped = false
  #seconds = 0

  /** `send` gets the number of the write and rejects where it failed. */
  constructor(perSecond: number, send: (index: number) => Promise<unknown>) {
    this.#send = send
    this.#loop = this.#run(1000 / perSecond)
  }

  get failures(): readonly Write[] {
    return this.writes.filter(({ error }) => error)
  }

  /** Resolves once so many more writes have ended. */
  async more(count: number): Promise<void> {
    const enough = this.writes.length + count
    while (this.writes.length < enough) await sleep(50)
  }

  /** Resolves once all that were begun have ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#loop
    await Promise.all(this.#running)
    this.#seconds ||= (performance.now() - this.#startedAt) / 1000
  }

  /** One line of figures, for people. */
  summary(what: string): string {
    const seconds = this.#seconds || (performance.now() - this.#startedAt) / 1000
    const times = this.writes.filter(({ error }) => !error).map(({ ms }) => ms)
    const at = (q: number) => `${quantile(times, q).toFixed(0)} ms`
    const rate = (this.writes.length / seconds).toFixed(0)
    return (
      `${what}: ${this.writes.length} writes in ${seconds.toFixed(0)} s (${rate}/s), ` +
      `${this.failures.length} failed, p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`
    )
  }

  async #run(everyMs: number): Promise<void> {
    let due = this.#startedAt
    for (let index = 0; !this.#stopped; index++) {
      await sleep(Math.max(0, due - performance.now()))
      if (this.#running.size >= MAX_IN_FLIGHT) {
        await Promise.race(this.#running)
        due = Math.max(due, performance.now() - everyMs)
      }
      const one = this.#one(index, due).finally(() => this.#running.delete(one))
      this.#running.add(one)
      due += everyMs
    }
  }

  async #one(index: number, due: number): Promise<void> {
    let error: Error | undefined
    try {
      await this.#send(index)
    } catch (caught) {
      error = caught as Error
    }
    this.writes.push({ index, ms: performance.now() - due, error })
  }
}

/** What went wrong and how often, with numbers taken out so that like comes together. */
export function tally(writes: readonly Write[]): string[] {
  const counts = new Map<string, number>()
  for (const { error } of writes) {
    if (!error) continue
    const what = error.message.replaceAll(/\d+/g, 'N')
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  return [...counts].map(([what, count]) => `${count} x ${what}`)
}
