import { setTimeout as delay } from 'node:timers/promises'
import { isTransient } from '#src/lib/api-error.ts'
import type { Logger } from '#src/lib/log.ts'
import { serviceUnavailable } from '../status-error.ts'

/** Milliseconds before it is asked again: an API server that restarts should cost nobody his request. */
const WAITS: readonly number[] = [100, 400]

/** The time for one question. */
export const ASK_TIMEOUT_MS = 5_000

/**
 * Asks the API server something that changes nothing, and again where it was out of reach for a
 * moment. Rejects with StatusError 503 where there is no answer: nobody is let in for that, and
 * nobody told that he may not.
 */
export async function asked<T>(
  log: Pick<Logger, 'warn'>,
  what: string,
  ask: () => Promise<T>,
  tries = 0,
): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    const wait = WAITS[tries]
    if (wait === undefined || !isTransient(error)) {
      log.warn({ what, reason: (error as Error).message }, 'no answer from the API server')
      throw serviceUnavailable(`${what}: no answer from the API server`)
    }
    await delay(wait)
  }
  return asked(log, what, ask, tries + 1)
}
