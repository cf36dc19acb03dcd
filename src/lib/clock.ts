/** Time, handed in so that whatever waits can be tested without waiting. */
export interface Clock {
  /** Milliseconds that never jump backwards; only differences mean something. */
  now(): number
  /** Runs `task` once after `ms`; the result cancels it. */
  after(ms: number, task: () => void): () => void
}

/** The longest a timer of Node's can wait; anything longer fires at once. */
const LONGEST_MS = 2 ** 31 - 1

export const systemClock: Clock = Object.freeze({
  now: () => performance.now(),
  after(ms: number, task: () => void) {
    const timer = setTimeout(task, Math.min(ms, LONGEST_MS))
    return () => clearTimeout(timer)
  },
})

/** Waits `ms`, or until the signal is aborted; never rejects. */
export function sleep(ms: number, signal: AbortSignal, clock: Clock = systemClock): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    const done = () => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.after(ms, done)
    signal.addEventListener('abort', done)
  })
}
