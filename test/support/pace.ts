/** What this machine, as busy as it is now, takes to read and write some JSON of 2 MB: ten times, in milliseconds. */
export function paceMs(): number {
  const text = JSON.stringify(Array.from({ length: 40_000 }, (_, i) => `${'x'.repeat(45)}${i}`))
  const begun = performance.now()
  for (let i = 0; i < 10; i++) JSON.stringify(JSON.parse(text))
  return performance.now() - begun
}

/** How long somebody may be kept waiting: 3 s on a machine that is free, longer where that takes longer. */
export const patienceMs = (): number => Math.max(3_000, 30 * paceMs())
