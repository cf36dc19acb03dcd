import { backoffMs } from '#src/lib/backoff.ts'
import { sleep, systemClock, type Clock } from '#src/lib/clock.ts'

const SHORTEST_MS = 10
const LONGEST_MS = 100
/** Not even hints make it ask more often. */
const LEAST_MS = 4

/** When to read again: soon while there is something, seldom when there is not, at once on a hint. */
export class Pace {
  readonly #clock: Clock
  readonly #stopped = new AbortController()
  #wake: AbortController | undefined
  #hurried = false
  #delay = SHORTEST_MS
  #failures = 0

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
  }

  get stopped(): boolean {
    return this.#stopped.signal.aborted
  }

  /** Aborted by `stop`. */
  get signal(): AbortSignal {
    return this.#stopped.signal
  }

  /** The next delay without a hint, in milliseconds. */
  get delay(): number {
    return this.#delay
  }

  stop(): void {
    this.#stopped.abort()
    this.#wake?.abort()
  }

  hurry(): void {
    this.#hurried = true
    this.#wake?.abort()
  }

  /** What has been read, and whether that was all. */
  read(events: number, drained: boolean): void {
    this.#failures = 0
    if (!drained) this.#delay = 0
    else if (events > 0) this.#delay = SHORTEST_MS
    else this.#delay = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, this.#delay * 1.5))
  }

  async pause(): Promise<void> {
    const least = Math.min(LEAST_MS, this.#delay)
    await sleep(least, this.#stopped.signal, this.#clock)
    if (!this.#hurried && !this.stopped) {
      this.#wake = new AbortController()
      await sleep(this.#delay - least, this.#wake.signal, this.#clock)
      this.#wake = undefined
    }
    if (this.#hurried) this.#delay = SHORTEST_MS
    this.#hurried = false
  }

  /** For whoever else waits for the same. */
  async moment(): Promise<void> {
    await sleep(LONGEST_MS, this.#stopped.signal, this.#clock)
  }

  async afterFailure(): Promise<void> {
    const ms = backoffMs(this.#failures++, { baseMs: 50, maxMs: 1_000 })
    await sleep(ms, this.#stopped.signal, this.#clock)
  }
}
