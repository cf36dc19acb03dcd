import { startKyverno } from '#hack/local/kyverno/kyverno.ts'
import { logTail } from '#hack/local/log-tail.ts'
import type { Progress } from '#hack/local/progress.ts'
import { memoryOf, type Memory } from '../process-memory.ts'
import { burst, type Burst, type Moment } from './burst.ts'
import { between, costOf, type Cost } from './cost.ts'
import { reportWrites } from './report-writes.ts'
import { rule } from './rule.ts'
import type { ScanStand } from './stand.ts'

/** One look at everything. */
export type KyvernoPass = {
  /** From just before the first write of a report to just after the last. */
  readonly seconds: number
  readonly writes: number
  readonly cost: Cost
}

export type KyvernoScan = {
  /** All have a report. */
  readonly objects: number
  /** From the policy to the first write, in seconds. */
  readonly delay: number
  /** Its CPU is from the policy on. */
  readonly first: KyvernoPass
  /** The next one, by its interval, with nothing changed. */
  readonly unchanged: KyvernoPass
  readonly memory: Memory
}

const policies = '/apis/policies.kyverno.io/v1/validatingpolicies'

/** It puts reports together 10 s after each part of them was written. */
const silenceMs = 20_000
/** As often as can be without being in the figures. */
const lookEveryMs = 2_000
/** It looks at kinds that are new to it so much later. */
const delayMs = 30_000

/**
 * How long it waits before it looks at an object again, in seconds: long enough for all to be looked at in between, which takes
 * four times as long as to create them, and for a silence.
 */
const intervalFor = (createdIn: number): number => 75 + Math.ceil(7 * createdIn)

/** Lets Kyverno's reports controller look through as many objects, made in so many seconds, twice, beside nothing else. */
export async function scanWithKyverno(
  stand: ScanStand,
  { objects, createdIn }: { readonly objects: number; readonly createdIn: number },
  progress: Progress,
): Promise<KyvernoScan> {
  const { controlPlane, api } = stand
  const interval = intervalFor(createdIn)
  const kyverno = await startKyverno(controlPlane, {
    names: ['reports'],
    flags: {
      reports: [
        `--backgroundScanInterval=${interval}s`,
        // 2 and 300 requests a second would be what is measured.
        '--backgroundScanWorkers=8',
        '--clientRateLimitQPS=5000',
        '--clientRateLimitBurst=5000',
      ],
    },
    progress,
  })
  stand.stops.push(() => kyverno.stop())
  const now = async (): Promise<Moment> => ({
    at: performance.now(),
    writes: await reportWrites(api),
    cost: costOf(stand, kyverno.pid('reports')),
  })
  const follow = (label: string, from: Moment, seconds: number) =>
    progress.task(label, note =>
      burst({
        from,
        now,
        note,
        lookEveryMs,
        silenceMs,
        beginWithinMs: seconds * 1000 + 3 * delayMs,
        endWithinMs: (seconds + interval) * 1000 + delayMs,
        async state(latest) {
          const reported = await countReports(stand)
          return {
            isDone: reported >= objects,
            told: `reports of ${reported} of ${objects} objects, ${latest.writes - from.writes} writes`,
          }
        },
      }),
    )
  try {
    const before = await now()
    const { status, body } = await api('POST', policies, rule)
    if (status !== 201) throw new Error(`policy ${rule.metadata.name}: ${status} ${body}`)
    const first = await follow("Kyverno's first scan", before, 0)
    const unchanged = await follow("Kyverno's next scan", await now(), interval)
    return {
      objects,
      delay: (first.begun.at - before.at) / 1000,
      first: { ...passOf(first), cost: between(before.cost, first.ended.cost) },
      unchanged: passOf(unchanged),
      memory: memoryOf(kyverno.pid('reports')!),
    }
  } catch (cause) {
    const log = kyverno.log('reports')
    throw new Error(
      `Kyverno's scan: ${(cause as Error).message}; its log is ${log} and ends:\n${logTail(log, 5)}`,
      { cause },
    )
  }
}

const passOf = ({ begun, ended }: Burst): KyvernoPass => ({
  seconds: (ended.at - begun.at) / 1000,
  writes: ended.writes - begun.writes,
  cost: between(begun.cost, ended.cost),
})

type Counted = {
  readonly items: readonly unknown[]
  readonly metadata: { readonly remainingItemCount?: number }
}

/** It writes one for each object. Counted from a page of one, since the lists are as long as those of the objects. */
async function countReports({ api }: ScanStand): Promise<number> {
  const count = async (query: string) => {
    const { body } = await api('GET', `/apis/wgpolicyk8s.io/v1alpha2/policyreports?${query}`)
    return JSON.parse(body) as Counted
  }
  // A selector would keep the API server from counting; Kradle has some for each namespace, which are taken off.
  const all = await count('limit=1')
  const own = await count('labelSelector=kradle.a5c.ai%2Freport%3Dscan')
  return all.items.length + (all.metadata.remainingItemCount ?? 0) - own.items.length
}
