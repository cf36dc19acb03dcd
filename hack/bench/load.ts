import type { Random } from './random.ts'
import type { Write, Writer } from './writer.ts'

/** Gives the object of the nth request. */
export type Source = (index: number) => Write

/** No block may hold up a run for longer than this, however slow the machine. */
const blockMs = 20_000

/**
 * Creates by one client, each next to one that nothing judges, in random order.
 *
 * Neighbours in time see the same machine: their differences stay what they are
 * while everything else on it comes and goes.
 */
export async function inPairs(
  writer: Writer,
  judged: Source,
  reference: Source,
  options: { count: number; random: Random; dryRun?: boolean },
): Promise<{ judged: number[]; reference: number[] }> {
  const { count, random, dryRun = true } = options
  const times = { judged: [] as number[], reference: [] as number[] }
  const end = performance.now() + blockMs
  for (let index = 0; index < count && performance.now() < end; index++) {
    const judgedFirst = random() < 0.5
    const first = await timed(writer, (judgedFirst ? judged : reference)(index), dryRun)
    const second = await timed(writer, (judgedFirst ? reference : judged)(index), dryRun)
    times.judged.push(judgedFirst ? first : second)
    times.reference.push(judgedFirst ? second : first)
  }
  return times
}

/** As many creates as `clients` clients get through, each waiting for its answer; returns count and seconds. */
export async function atOnce(
  writer: Writer,
  source: Source,
  { count, clients }: { count: number; clients: number },
): Promise<{ count: number; seconds: number }> {
  const begun = performance.now()
  let started = 0
  const client = async () => {
    while (started < count && performance.now() < begun + blockMs)
      await timed(writer, source(started++), true)
  }
  await Promise.all(Array.from({ length: clients }, client))
  return { count: started, seconds: (performance.now() - begun) / 1000 }
}

async function timed(writer: Writer, write: Write, dryRun: boolean): Promise<number> {
  const { status, body, ms } = await writer.create(write, { dryRun })
  // A refusal is quick: one that slipped in would make a setup look good.
  if (status !== 201) throw new Error(`a create that should pass was refused: ${status} ${body}`)
  return ms
}
