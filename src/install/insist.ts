import { isTransient } from '#src/lib/api-error.ts'
import { backoffMs } from '#src/lib/backoff.ts'
import { sleep } from '#src/lib/clock.ts'

/** When to try once more, and until when. */
export interface Patience {
  /** Aborted once the time is over; what failed by then has failed. */
  readonly signal: AbortSignal
  /** Whether waiting may help; only where the API server was busy or out of reach unless told otherwise. */
  readonly again?: (error: unknown) => boolean
}

/** Repeats what fails for a reason that passes. Rejects with the last error. */
export async function insist<R>(
  attempt: () => Promise<R>,
  patience: Patience,
  tries = 0,
): Promise<R> {
  const { signal, again = isTransient } = patience
  try {
    return await attempt()
  } catch (error) {
    if (signal.aborted || !again(error)) throw error
    await sleep(backoffMs(tries, { baseMs: 200, maxMs: 3_000 }), signal)
  }
  return insist(attempt, patience, tries + 1)
}
