import { Counter, Gauge, Histogram, type Registry as Metrics } from 'prom-client'
import type { Kind } from './in-flight.ts'

/** What the server tells about itself. Labels come from our own lists only. */
export interface HttpMetrics {
  /** `resource` is '' where it was none. */
  answered(verb: string, resource: string, code: number, seconds: number): void
  inFlight(kind: Kind, count: number): void
  watchers(resource: string, change: 1 | -1): void
  /** Bytes thrown away because a watcher did not read them. */
  dropped(resource: string, bytes: number): void
}

export function httpMetrics(metrics: Metrics): HttpMetrics {
  const registers = [metrics]
  const latency = new Histogram({
    name: 'kradle_apiserver_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its answer, watches excepted.',
    labelNames: ['verb', 'resource', 'code'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  })
  const flying = new Gauge({
    name: 'kradle_apiserver_in_flight_requests',
    help: 'Requests being served, by kind: reading, writing, watching.',
    labelNames: ['kind'],
    registers,
  })
  const watching = new Gauge({
    name: 'kradle_apiserver_watchers',
    help: 'Open watches by resource.',
    labelNames: ['resource'],
    registers,
  })
  const dropping = new Counter({
    name: 'kradle_apiserver_watch_dropped_bytes_total',
    help: 'Bytes thrown away with watches whose clients did not read fast enough.',
    labelNames: ['resource'],
    registers,
  })
  return {
    answered: (verb, resource, code, seconds) => latency.observe({ verb, resource, code }, seconds),
    inFlight: (kind, count) => flying.set({ kind }, count),
    watchers: (resource, change) => watching.inc({ resource }, change),
    dropped: (resource, bytes) => dropping.inc({ resource }, bytes),
  }
}
