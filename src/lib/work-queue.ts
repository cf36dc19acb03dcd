import { backoffMs, type BackoffOptions } from './backoff.ts'
import { systemClock, type Clock } from './clock.ts'

/**
 * What is to happen with a key after a look at it: nothing, the same again with growing
 * delays (no longer than `retryWithinMs`, where that is given), or again after a while.
 */
export type Outcome =
  'done' | 'retry' | { readonly retryWithinMs: number } | { readonly afterMs: number }

export interface WorkQueueOptions {
  /** Deals with one key. A rejection counts as 'retry': whoever wants to know of it has to see to that inside. */
  readonly process: (key: string) => Promise<Outcome>
  /** How many keys are dealt with at a time. */
  readonly concurrency: number
  readonly backoff?: BackoffOptions
  readonly clock?: Clock
}

const BACKOFF: BackoffOptions = Object.freeze({ baseMs: 5, maxMs: 300_000 })

/**
 * Keys that somebody has to look at. A key waits once however often it is added, is
 * never dealt with twice at the same time, and comes again if it was added meanwhile.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions
  readonly #clock: Clock
  /** In the order in which they will be taken. */
  readonly #waiting = new Set<string>()
  readonly #running = new Set<string>()
  /** Added while they were running. */
  readonly #again = new Set<string>()
  readonly #timers = new Map<string, { readonly at: number; readonly cancel: () => void }>()
  readonly #failures = new Map<string, number>()
  #stopped: PromiseWithResolvers<void> | undefined

  constructor(options: WorkQueueOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
  }

  /** Keys that could be taken now. */
  get depth(): number {
    return this.#waiting.size + this.#again.size
  }

  /** As soon as possible. */
  add(key: string): void {
    if (this.#stopped) return
    if (this.#running.has(key)) this.#again.add(key)
    else this.#waiting.add(key)
    this.#take()
  }

  /** After so many milliseconds, or at an earlier time already set. */
  addAfter(key: string, ms: number): void {
    if (this.#stopped) return
    const at = this.#clock.now() + ms
    const timer = this.#timers.get(key)
    if (timer && timer.at <= at) return
    timer?.cancel()
    const cancel = this.#clock.after(ms, () => {
      this.#timers.delete(key)
      this.add(key)
    })
    this.#timers.set(key, { at, cancel })
  }

  /** Lets a key go that nobody will ask for again: no timer, no memory of failures. */
  forget(key: string): void {
    this.#timers.get(key)?.cancel()
    this.#timers.delete(key)
    this.#failures.delete(key)
  }

  /** Takes no more keys; resolves when the running ones are through. */
  async stop(): Promise<void> {
    if (!this.#stopped) {
      this.#stopped = Promise.withResolvers<void>()
      this.#waiting.clear()
      this.#again.clear()
      for (const { cancel } of this.#timers.values()) cancel()
      this.#timers.clear()
      if (this.#running.size === 0) this.#stopped.resolve()
    }
    await this.#stopped.promise
  }

  #take(): void {
    for (const key of this.#waiting) {
      if (this.#running.size >= this.#options.concurrency) return
      this.#waiting.delete(key)
      this.#running.add(key)
      void this.#process(key)
    }
  }

  async #process(key: string): Promise<void> {
    const outcome = await this.#outcome(key)
    this.#running.delete(key)
    if (this.#stopped) {
      if (this.#running.size === 0) this.#stopped.resolve()
      return
    }
    if (outcome === 'retry') this.#retry(key)
    else if (typeof outcome === 'object' && 'retryWithinMs' in outcome)
      this.#retry(key, outcome.retryWithinMs)
    else {
      this.#failures.delete(key)
      if (outcome !== 'done') this.addAfter(key, outcome.afterMs)
    }
    if (this.#again.delete(key)) this.#waiting.add(key)
    this.#take()
  }

  #retry(key: string, withinMs = Number.POSITIVE_INFINITY): void {
    const failures = this.#failures.get(key) ?? 0
    const backoff = this.#options.backoff ?? BACKOFF
    this.#failures.set(key, failures + 1)
    const delay = backoffMs(failures, { ...backoff, maxMs: Math.min(backoff.maxMs, withinMs) })
    this.addAfter(key, delay)
  }

  async #outcome(key: string): Promise<Outcome> {
    try {
      // Not within `add`: whoever adds a key does not expect its work to begin meanwhile.
      await Promise.resolve()
      return await this.#options.process(key)
    } catch {
      return 'retry'
    }
  }
}
