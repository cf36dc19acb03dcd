import { setTimeout as sleep } from 'node:timers/promises'
import { command } from '#hack/command.ts'
import { textTable } from '#src/lib/text-table.ts'
import type { Stand } from './stand.ts'
import { rowsOf, usageIn, type Row } from './usage.ts'

const NAMESPACE = 'kradle-system'
/** Long enough for everything that follows from an installation to be over. */
const SETTLING_MS = 60_000
const RESTING_MS = 60_000
const EVERY_MS = 5_000

/** As the container runtimes of the nodes count. */
async function read({ nodes }: Stand): Promise<Row[]> {
  const ask = ['crictl', 'stats', '-o', 'json']
  const answers = await Promise.all(nodes.map(node => command('docker', ['exec', node, ...ask])))
  return rowsOf(answers.flatMap(usageIn).filter(({ namespace }) => namespace === NAMESPACE))
}

/** Memory and processor time of every Deployment while nothing is asked of it. */
export async function atRest(stand: Stand): Promise<readonly string[]> {
  await sleep(SETTLING_MS)
  const before = await read(stand)
  await sleep(RESTING_MS)
  return tableOf(before, await read(stand), RESTING_MS)
}

/** The most of each while something goes on, from now until it is stopped. */
export function watchUsage(stand: Stand): { stop: () => Promise<readonly string[]> } {
  const peaks = new Map<string, Row>()
  const began = Date.now()
  let first: Row[] | undefined
  const over = new AbortController()
  const loop = (async () => {
    while (!over.signal.aborted) {
      // Containers that just end are no reason to end the run.
      const rows = await read(stand).catch(() => [])
      first ??= rows
      for (const row of rows) {
        const peak = peaks.get(row.name)
        peaks.set(row.name, {
          ...row,
          mebibytes: Math.max(row.mebibytes, peak?.mebibytes ?? 0),
          largest: Math.max(row.largest, peak?.largest ?? 0),
        })
      }
      await sleep(EVERY_MS)
    }
  })()
  return {
    async stop() {
      over.abort()
      await loop
      return tableOf(first ?? [], [...peaks.values()], Date.now() - began)
    },
  }
}

function tableOf(before: readonly Row[], after: readonly Row[], ms: number): readonly string[] {
  const cpuBefore = new Map(before.map(({ name, cpuSeconds }) => [name, cpuSeconds]))
  const rows = after.map(({ name, pods, mebibytes, largest, cpuSeconds }) => {
    const spent = cpuSeconds - (cpuBefore.get(name) ?? 0)
    return [name, String(pods), mebibytes, largest, (spent / ms) * 1e6] as const
  })
  const total = rows.reduce((sum, [, , mebibytes]) => sum + mebibytes, 0)
  const round = (value: number) => value.toFixed(0)
  return [
    ...textTable(
      ['container', 'pods', 'MiB', 'largest', 'millicores'],
      rows.map(([name, pods, mebibytes, largest, cores]) => ({
        cells: [name, pods, round(mebibytes), round(largest), round(cores)],
      })),
    ),
    `${round(total)} MiB in total, ${round(total - (after.find(({ name }) => name === 'postgresql')?.mebibytes ?? 0))} without PostgreSQL`,
  ]
}
