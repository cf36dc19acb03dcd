import type { Registry } from 'prom-client'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { Client } from './client.ts'
import { systemClock } from './clock.ts'
import { ControllerRun } from './controller-run.ts'
import type { Deployment } from './controller.ts'
import { Effects, type Executors } from './effects.ts'
import { EventRecorder } from './events.ts'
import { startHealth, type Address } from './health.ts'
import { Informers, type InformersOptions } from './informers.ts'
import { Leader, type LeaseTiming } from './leader.ts'
import type { Logger } from './log.ts'
import {
  controllerMetrics,
  countRequests,
  createRegistry,
  watchCaches,
  type ControllerMetrics,
} from './metrics.ts'
import { Observations, type Observers } from './observations.ts'
import { showLeadership } from './state-metrics.ts'

export interface RunOptions {
  readonly client: Client
  readonly health: Address
  readonly log: Logger
  /** Aborted to end gracefully. */
  readonly signal: AbortSignal
  readonly executors?: Executors
  readonly observers?: Observers
  /** For metrics of the Deployment's own; the runtime's are added. */
  readonly registry?: Registry
  /** Where the Lease is; kradle-system unless told otherwise. */
  readonly leaseNamespace?: string
  readonly leaseTiming?: LeaseTiming
  /** Objects of one controller that are dealt with at a time; 4 unless told otherwise. */
  readonly concurrency?: number
  readonly watches?: InformersOptions['tuning']
  /** Told once where /healthz, /readyz and /metrics are. */
  readonly onListening?: (address: Address) => void
}

/** Everything is looked at again this often, whatever has happened: a mistake of ours must not last. */
const RESYNC_MS = 600_000

/** How long running reconciles may take to end; less than what Kubernetes gives a Pod. */
const DRAIN_MS = 20_000

/**
 * Runs a Deployment: follows what its controllers watch, and while it is the leader
 * carries out what they plan. Resolves after a graceful end; rejects with
 * LeaseLost where another process took over, upon which this one has to exit.
 */
export async function runDeployment(deployment: Deployment, options: RunOptions): Promise<void> {
  const { client, log, signal, watches } = options
  const fieldManager = deployment.name
  const informers = new Informers({
    client,
    log,
    fieldManager,
    ...(watches && { tuning: watches }),
  })
  const runs = deployment.controllers.map(controller => new ControllerRun(controller, informers))

  const registry = options.registry ?? createRegistry()
  countRequests(registry, client)
  watchCaches(registry, () => informers)
  const metrics = controllerMetrics(registry, () =>
    runs.map(run => [run.controller.name, run.depth] as const),
  )
  const health = await startHealth({
    ...options.health,
    registry,
    notReady: () => informers.unsynced().map(resource => `${resource} is not synced`),
  })
  options.onListening?.(health.address)

  try {
    informers.start()
    if ((await Promise.race([informers.synced(), aborted(signal)])) === 'aborted') return
    log.info({ resources: [...informers].map(({ resource }) => resource) }, 'synced')
    await lead(deployment, runs, metrics, { ...options, registry })
  } finally {
    await informers.stop()
    await health.close()
  }
}

/** Waits for the Lease and works until the end. Rejects with LeaseLost. */
async function lead(
  { name }: Deployment,
  runs: readonly ControllerRun[],
  { reconciled, eventDropped: onDropped }: ControllerMetrics,
  options: RunOptions & { readonly registry: Registry },
): Promise<void> {
  const { client, log, signal, registry, leaseTiming: timing, concurrency = 4 } = options
  const namespace = options.leaseNamespace ?? PLATFORM_NAMESPACE
  const leader = new Leader({ client, log, name, namespace, ...(timing && { timing }) })
  showLeadership(registry, () => leader.leading)
  if (!(await leader.acquire(signal))) return

  const calledOff = new AbortController()
  const { identity: instance } = leader
  const recorder = new EventRecorder({ client, log, component: name, instance, onDropped })
  const effects = new Effects(options.executors ?? {}, calledOff.signal)
  const observations = new Observations(options.observers ?? {}, calledOff.signal)
  for (const run of runs)
    run.start({
      client,
      log,
      fieldManager: name,
      effects,
      observations,
      recorder,
      check: () => leader.check(),
      signal: calledOff.signal,
      concurrency,
      reconciled,
    })
  const stopResync = repeat(RESYNC_MS, () => runs.forEach(run => run.addAll()))
  const stop = () => Promise.all(runs.map(run => run.stop()))
  try {
    await Promise.race([aborted(signal), leader.lost])
    log.info({}, 'stopping')
    const cancel = systemClock.after(DRAIN_MS, () => calledOff.abort())
    await Promise.race([stop(), leader.lost]).finally(cancel)
    await recorder.flush()
  } finally {
    stopResync()
    // Nothing may be written any more, whatever is still under way.
    calledOff.abort()
    await stop()
    await leader.release()
  }
}

/** Resolves once the signal is aborted. */
const aborted = (signal: AbortSignal): Promise<'aborted'> =>
  new Promise(resolve => {
    if (signal.aborted) resolve('aborted')
    signal.addEventListener('abort', () => resolve('aborted'), { once: true })
  })

/** Runs a task again and again, about every `ms`; the result ends it. */
function repeat(ms: number, task: () => void): () => void {
  let cancel = () => {}
  const next = () => {
    cancel = systemClock.after(ms * (0.9 + Math.random() / 5), () => {
      task()
      next()
    })
  }
  next()
  return () => cancel()
}
