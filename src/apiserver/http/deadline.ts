import { durationOf, isGoDuration } from '#src/lib/schema/duration.ts'
import { quoted } from '#src/lib/schema/go-text.ts'
import { badRequest } from '../status-error.ts'

/** Milliseconds that a request may take, other than a watch. */
export const REQUEST_TIMEOUT_MS = 34_000

/** What the query `timeout` asks for, if that is less. Throws StatusError 400. */
export function timeoutMs(query: URLSearchParams, most: number): number {
  const text = query.get('timeout')
  if (!text) return most
  if (!isGoDuration(text))
    throw badRequest(
      `invalid timeout specified in the request URL - time: invalid duration ${quoted(text)}`,
    )
  const ms = Math.ceil(durationOf(text)! / 1e6)
  return ms > 0 ? Math.min(ms, most) : most
}

/** The result of a task, or why it is not waited for any longer. The task itself may look at the signal, or not. */
export async function within<T>(signal: AbortSignal, task: Promise<T>): Promise<T> {
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([task, aborted])
  } finally {
    signal.removeEventListener('abort', stop!)
  }
}
