import { ApiError } from './api-error.ts'
import { sleep, systemClock, type Clock } from './clock.ts'
import { isStaleConnection } from './transport.ts'

const TRIES = 3

/** Longer than this nobody waits inside one request; the caller's own backoff takes over. */
const LONGEST_WAIT_SECONDS = 5

/**
 * Repeats something that changes nothing: at once where a kept connection had been
 * closed, and after Retry-After where the server was busy.
 */
export async function retried<R>(
  attempt: () => Promise<R>,
  signal: AbortSignal = new AbortController().signal,
  clock: Clock = systemClock,
  tries = 1,
): Promise<R> {
  try {
    return await attempt()
  } catch (error) {
    const seconds = waitSeconds(error)
    if (tries >= TRIES || seconds === undefined || signal.aborted) throw error
    await sleep(seconds * 1000, signal, clock)
  }
  return retried(attempt, signal, clock, tries + 1)
}

/** How long to wait before the same again, in seconds; undefined where that is no use. */
function waitSeconds(error: unknown): number | undefined {
  if (isStaleConnection(error)) return 0
  if (!(error instanceof ApiError) || (error.code !== 429 && error.code !== 503)) return undefined
  const seconds = error.retryAfterSeconds
  return seconds !== undefined && seconds <= LONGEST_WAIT_SECONDS ? seconds : undefined
}
