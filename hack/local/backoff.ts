/** How long a child that keeps dying waits for its next life: 0.5 s, 1 s, 2 s ... 30 s. */
export function backoff(deaths: number): number {
  return Math.min(500 * 2 ** Math.max(0, deaths - 1), 30_000)
}

/** A child that lived this long has recovered: its next death is its first again. */
export const recovered = 60_000
