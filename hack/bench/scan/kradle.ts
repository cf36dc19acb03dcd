import { setTimeout as sleep } from 'node:timers/promises'
import type { Progress } from '#hack/local/progress.ts'
import { readings, total } from '../metric.ts'
import { memoryOf, type Memory } from '../process-memory.ts'
import { between, costOf, type Cost } from './cost.ts'
import type { ScanOptions } from './options.ts'
import { reportWrites } from './report-writes.ts'
import type { ScanStand } from './stand.ts'

/** One pass over everything. */
export type Pass = {
  readonly objects: number
  /** From the first list to the last report. */
  readonly seconds: number
  /** Writes of reports that the API server saw. */
  readonly writes: number
  readonly cost: Cost
}

export type KradleScan = {
  /** The first writes reports, the others find nothing new. */
  readonly passes: readonly Pass[]
  readonly memory: Memory
  readonly failing: number
}

const name = 'scan-controller'
const passWithinMs = 600_000

/** Starts the scanner on a cluster that it has never seen, and follows its passes. */
export async function scanWithKradle(
  stand: ScanStand,
  options: ScanOptions,
  progress: Progress,
): Promise<KradleScan> {
  const { kradle, api } = stand
  const [writesBefore, costBefore] = [await reportWrites(api), costOf(stand, undefined)]
  await kradle.start({ name, flags: ['--interval-seconds', '1'] })
  const passes: Pass[] = []
  let known = { writes: writesBefore, cost: costBefore, objects: 0 }
  for (let count = 1; count <= options.passes + 1; count++)
    await progress.task(`pass ${count} of Kradle's scanner`, async () => {
      const seen = await untilPass(stand, count)
      const [writes, cost] = [await reportWrites(api), costOf(stand, kradle.pid(name))]
      passes.push({
        objects: seen.objects - known.objects,
        seconds: seen.seconds,
        writes: writes - known.writes,
        cost: between(known.cost, cost),
      })
      known = { writes, cost, objects: seen.objects }
    })
  const { failing } = await state(stand)
  const memory = memoryOf(kradle.pid(name)!)
  await kradle.kill(name, 'SIGTERM')
  return { passes, memory, failing }
}

async function untilPass(stand: ScanStand, count: number) {
  const deadline = Date.now() + passWithinMs
  for (;;) {
    const seen = await state(stand)
    if (seen.failed > 0) throw new Error(`a pass failed, see ${stand.kradle.log(name)}`)
    if (seen.passes >= count) return seen
    if (Date.now() > deadline) throw new Error(`pass ${count} took more than ${passWithinMs} ms`)
    // Less than it rests, so that no pass is missed; each look costs it milliseconds.
    await sleep(200)
  }
}

async function state({ kradle }: ScanStand) {
  const text = await (await fetch(`${kradle.health(name)}/metrics`)).text()
  const of = (metric: string, label = '', value = '') =>
    total(
      readings(`kradle_scan_${metric}`, text).filter(
        ({ labels }) => label === '' || labels[label] === value,
      ),
    )
  return {
    passes: of('passes_total', 'result', 'success'),
    failed: of('passes_total', 'result', 'error'),
    objects: of('objects_total'),
    seconds: of('pass_seconds'),
    failing: of('results', 'result', 'fail') + of('results', 'result', 'error'),
  }
}
