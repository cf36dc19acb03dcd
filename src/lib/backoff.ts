export interface BackoffOptions {
  /** The first delay, in milliseconds. */
  readonly baseMs: number
  /** No delay is longer. */
  readonly maxMs: number
  /** Uniform in [0, 1). */
  readonly random?: () => number
}

/**
 * The delay before try number `attempt` (0 is the first repetition), in milliseconds:
 * doubling up to the maximum, then between half and all of that, so that many
 * who failed together do not come back together.
 */
export function backoffMs(
  attempt: number,
  { baseMs, maxMs, random = Math.random }: BackoffOptions,
): number {
  const full = Math.min(maxMs, baseMs * 2 ** attempt)
  return full / 2 + (full / 2) * random()
}
