import { setTimeout as sleep } from 'node:timers/promises'

const STILL_MS = 1_000

/**
 * A count, as soon as it has stood still for a second: who reconciles gets what he wrote himself by the watch, and looks at it
 * once more, some time after others could read it. Throws where it does not stand still within a minute.
 */
export async function atRest(count: () => number | Promise<number>): Promise<number> {
  const end = Date.now() + 60_000
  for (let before = await count(); ;) {
    await sleep(STILL_MS)
    const now = await count()
    if (now === before) return now
    if (Date.now() > end) throw new Error(`still counting after a minute, at ${now}`)
    before = now
  }
}
