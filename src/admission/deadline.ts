/** What is kept back of the API server's patience, in milliseconds, for the answer to get there. */
const MARGIN_MS = 200

/** How long a review may take when the API server does not say; its own default. */
const DEFAULT_MS = 10_000

/**
 * Milliseconds left for a decision, from the `timeout` query of the API server (a
 * Go duration such as `5s`, `1m30s` or `500ms`). Anything else counts as not given.
 */
export function deadlineMs(timeout: unknown): number {
  const given = typeof timeout === 'string' ? durationMs(timeout) : undefined
  // Whole milliseconds: no timer takes any other.
  return Math.max(1, Math.floor(Math.min(given ?? DEFAULT_MS, 30_000)) - MARGIN_MS)
}

const units = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 }

function durationMs(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/.test(text)) return undefined
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)]
  return parts.reduce(
    (sum, [, number, unit]) => sum + Number(number) * units[unit as keyof typeof units],
    0,
  )
}
