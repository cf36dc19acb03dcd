import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Client } from './client.ts'
import type { Reflector } from './reflector.ts'
import { showMemoryLimit } from './state-metrics.ts'

/** A registry with the metrics of the process: memory and its limit, CPU, and event-loop delay as `nodejs_eventloop_lag_*`. */
export function createRegistry(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  showMemoryLimit(registry)
  return registry
}

/** Counts what a client asks the API server. */
export function countRequests(registry: Registry, client: Client): void {
  const requests = new Counter({
    name: 'kradle_api_requests_total',
    help: 'Requests to the API server; code 0 is a connection that failed.',
    labelNames: ['verb', 'resource', 'code'],
    registers: [registry],
  })
  client.onResponse = ({ verb, resource, code }) => requests.inc({ verb, resource, code })
}

/** Shows how far each cache may lag, and how much it holds. */
export function watchCaches(registry: Registry, reflectors: () => Iterable<Reflector>): void {
  const gauge = (name: string, help: string, measure: (group: readonly Reflector[]) => number) =>
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: ['resource'],
        registers: [],
        collect() {
          this.reset()
          for (const [resource, group] of Map.groupBy(reflectors(), ({ resource: of }) => of))
            this.set({ resource }, measure(group))
        },
      }),
    )
  gauge(
    'kradle_cache_staleness_seconds',
    'Time since the API server last proved that this cache misses nothing; a quiet watch reaches about 60.',
    group => Math.max(...group.map(reflector => reflector.stalenessSeconds())),
  )
  gauge('kradle_cache_objects', 'Objects in this cache.', group =>
    group.reduce((sum, { store }) => sum + store.size, 0),
  )
}

export interface ControllerMetrics {
  /** `result` is one of success, conflict, error. */
  readonly reconciled: (controller: string, result: string, seconds: number) => void
  /** An Event that nobody will see. */
  readonly eventDropped: () => void
}

/** Counts and times reconciles; `depth` gives the length of each queue. */
export function controllerMetrics(
  registry: Registry,
  depth: () => Iterable<readonly [controller: string, depth: number]>,
): ControllerMetrics {
  const total = new Counter({
    name: 'kradle_reconcile_total',
    help: 'Reconciles by how they ended.',
    labelNames: ['controller', 'result'],
    registers: [registry],
  })
  const duration = new Histogram({
    name: 'kradle_reconcile_duration_seconds',
    help: 'Time of a reconcile with all its writes.',
    labelNames: ['controller'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  })
  const waiting = new Gauge({
    name: 'kradle_queue_depth',
    help: 'Objects waiting for a reconcile.',
    labelNames: ['controller'],
    registers: [],
    collect() {
      for (const [controller, length] of depth()) this.set({ controller }, length)
    },
  })
  registry.registerMetric(waiting)
  const dropped = new Counter({
    name: 'kradle_events_dropped_total',
    help: 'Kubernetes Events that nobody will see: too many were waiting, or the API server did not take them.',
    registers: [registry],
  })
  return {
    reconciled(controller, result, seconds) {
      total.inc({ controller, result })
      duration.observe({ controller }, seconds)
    },
    eventDropped: () => dropped.inc(),
  }
}
