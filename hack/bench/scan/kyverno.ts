import { setTimeout as sleep } from 'node:timers/promises'
import { startKyverno } from '#hack/local/kyverno/kyverno.ts'
import type { Progress } from '#hack/local/progress.ts'
import { memoryOf, type Memory } from '../process-memory.ts'
import { scope } from '../setups/scope.ts'
import { between, costOf, type Cost } from './cost.ts'
import { reportWrites } from './report-writes.ts'
import type { ScanStand } from './stand.ts'

export type KyvernoScan = {
  /** Teams that have a report. */
  readonly objects: number
  /** How many there are to have one. */
  readonly wanted: number
  /** From the policy to the last report; or until patience was at an end. */
  readonly seconds: number
  readonly writes: number
  readonly cost: Cost
  /** What went on afterwards, over some scans in which nothing changed. */
  readonly later: { readonly seconds: number; readonly writes: number; readonly cost: Cost }
  readonly memory: Memory
}

const patienceMs = 300_000
/** Two of its intervals of 30 s. */
const laterMs = 60_000
const policies = '/apis/policies.kyverno.io/v1/validatingpolicies'

/** One rule of Kradle's, on Teams alone: that the organisation is the one of the namespace. It reports, and does not refuse. */
const policy = {
  apiVersion: 'policies.kyverno.io/v1',
  kind: 'ValidatingPolicy',
  metadata: { name: 'bench-scan' },
  spec: {
    validationActions: ['Audit'],
    evaluation: { background: { enabled: true }, admission: { enabled: false } },
    matchConstraints: scope.matchConstraints,
    validations: scope.validations,
  },
}

/** Lets Kyverno's reports controller look through the Teams, beside nothing else. */
export async function scanWithKyverno(
  stand: ScanStand,
  wanted: number,
  progress: Progress,
): Promise<KyvernoScan> {
  const { controlPlane, api } = stand
  const kyverno = await startKyverno(controlPlane, { names: ['reports'], progress })
  stand.stops.push(() => kyverno.stop())
  const now = async () => ({
    at: performance.now(),
    writes: await reportWrites(api),
    cost: costOf(stand, kyverno.pid('reports')),
  })
  const before = await now()
  const { status, body } = await api('POST', policies, policy)
  if (status !== 201) throw new Error(`policy ${policy.metadata.name}: ${status} ${body}`)
  let objects = 0
  await progress.task("Kyverno's first scan", async note => {
    while (objects < wanted && performance.now() - before.at < patienceMs) {
      await sleep(500)
      objects = await countReports(stand)
      note(`${objects} of ${wanted}`)
    }
  })
  const scanned = await now()
  await progress.task("Kyverno's later scans", () => sleep(laterMs))
  const end = await now()
  return {
    objects,
    wanted,
    seconds: (scanned.at - before.at) / 1000,
    writes: scanned.writes - before.writes,
    cost: between(before.cost, scanned.cost),
    later: {
      seconds: (end.at - scanned.at) / 1000,
      writes: end.writes - scanned.writes,
      cost: between(scanned.cost, end.cost),
    },
    memory: memoryOf(kyverno.pid('reports')!),
  }
}

type Counted = { readonly metadata: { readonly remainingItemCount?: number } }

/** It writes one for each object. Counted from a page of one, since the lists are as long as those of the objects. */
async function countReports({ api }: ScanStand): Promise<number> {
  // A selector would keep the API server from counting; Kradle has one for each namespace, which is taken off.
  const count = async (query: string) => {
    const { body } = await api('GET', `/apis/wgpolicyk8s.io/v1alpha2/policyreports?${query}`)
    return JSON.parse(body) as { readonly items: readonly unknown[] } & Counted
  }
  const all = await count('limit=1')
  const own = await count('labelSelector=kradle.a5c.ai%2Freport%3Dscan')
  return all.items.length + (all.metadata.remainingItemCount ?? 0) - own.items.length
}
