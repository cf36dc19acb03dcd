import { setTimeout as sleep } from 'node:timers/promises'
import type { Cost } from './cost.ts'

/** What was so at a time. */
export type Moment = {
  /** Milliseconds on any clock. */
  readonly at: number
  /** Of reports, since the API server started. */
  readonly writes: number
  readonly cost: Cost
}

/** Writes between two silences: the last moment before the first of them was seen, and the first after the last. */
export type Burst = { readonly begun: Moment; readonly ended: Moment }

export type BurstOptions = {
  readonly from: Moment
  readonly now: () => Promise<Moment>
  /** Whether all is done that there is to do, and how far that is, in words. */
  readonly state: (latest: Moment) => Promise<{ readonly isDone: boolean; readonly told: string }>
  readonly note: (told: string) => void
  readonly lookEveryMs: number
  /** How long until the first write, at most. */
  readonly beginWithinMs: number
  readonly endWithinMs: number
  /** No write for so long is a silence. */
  readonly silenceMs: number
}

/** Follows writes until they are over. Throws with what was seen where they do not come, never end, or end too early. */
export async function burst(options: BurstOptions): Promise<Burst> {
  const { from, now, state, note, lookEveryMs, beginWithinMs, endWithinMs, silenceMs } = options
  let before = from
  let begun: Moment | undefined
  let ended = from
  for (;;) {
    await sleep(lookEveryMs)
    const latest = await now()
    if (latest.writes > ended.writes) {
      begun ??= before
      ended = latest
    }
    before = latest
    const { isDone, told } = await state(latest)
    note(told)
    const waited = latest.at - from.at
    if (!begun) {
      if (waited > beginWithinMs) throw new Error(`nothing was written in ${inSeconds(waited)}`)
      continue
    }
    if (latest.at - ended.at >= silenceMs) {
      if (isDone) return { begun, ended }
      throw new Error(`nothing is written any more, and there are only ${told}`)
    }
    if (waited > endWithinMs)
      throw new Error(`it still writes after ${inSeconds(waited)}: there are ${told}`)
  }
}

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(0)} s`
