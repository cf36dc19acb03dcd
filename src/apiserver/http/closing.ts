export interface Closing {
  /** Whether anything is being answered. */
  readonly busy: () => boolean
  /** Ends every connection at once. */
  readonly closeAll: () => void
  /** Milliseconds after which nothing is waited for any more. */
  readonly mostMs: number
}

/** Milliseconds for what is on its way here already. */
const QUIET_MS = 500

/**
 * Resolves as `closed` does, the end of a server that takes no more connections.
 *
 * Node would wait for good for those on which nothing has been asked yet, and clients open some to have them ready;
 * and for those whose client takes nothing of what he was answered.
 */
export async function closing(
  closed: Promise<void>,
  { busy, closeAll, mostMs }: Closing,
): Promise<void> {
  const quiet = setInterval(() => {
    if (!busy()) closeAll()
  }, QUIET_MS)
  const late = setTimeout(closeAll, mostMs)
  try {
    await closed
  } finally {
    clearInterval(quiet)
    clearTimeout(late)
  }
}
