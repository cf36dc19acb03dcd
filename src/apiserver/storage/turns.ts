import { limited } from './limited.ts'

/** Nobody waits longer for those before him. */
const WAIT_MS = 5_000

/** Lets one at a time do what only one at a time can, so that those who wait have no session meanwhile. */
export class Turns {
  /** Settled once whoever came last is done. */
  readonly #last = new Map<string, Promise<unknown>>()

  /** Throws StorageUnavailable where it takes too long, and the reason of the signal. */
  take<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#last.get(key)
    const turn = before ? limited(before, WAIT_MS, signal).then(work) : work()
    const done: Promise<void> = turn.then(
      () => this.#leave(key, done),
      () => this.#leave(key, done),
    )
    this.#last.set(key, done)
    return turn
  }

  /** Keys that somebody has or waits for. */
  get size(): number {
    return this.#last.size
  }

  #leave(key: string, done: Promise<unknown>): void {
    if (this.#last.get(key) === done) this.#last.delete(key)
  }
}
