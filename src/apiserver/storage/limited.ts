import { StorageUnavailable } from './store.ts'

/**
 * Waits for it, but not longer than `ms` (StorageUnavailable) and not beyond the signal (its reason).
 * What it comes to afterwards is nobody's concern.
 */
export function limited<T>(work: Promise<T>, ms: number, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => settle(() => reject(new StorageUnavailable('PostgreSQL does not answer in time'))),
      Math.max(0, ms),
    )
    const aborted = () => settle(() => reject(signal!.reason as Error))
    const settle = (how: () => void) => {
      clearTimeout(late)
      signal?.removeEventListener('abort', aborted)
      how()
    }
    signal?.addEventListener('abort', aborted)
    work.then(
      value => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    )
    if (signal?.aborted) aborted()
  })
}
