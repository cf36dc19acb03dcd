import { Counter, Gauge, Histogram, type Registry as Metrics } from 'prom-client'
import { certificateExpiry } from '#src/lib/state-metrics.ts'
import type { Registry } from '#webhooks/registry.ts'
import type { Answer, Mode } from './review.ts'

/** What the webhook server tells about itself. */
export interface AdmissionMetrics {
  begin(): void
  end(mode: Mode, answer: Answer, seconds: number): void
  shed(mode: Mode): void
  certificateExpires(at: Date): void
  readonly inFlight: number
}

/** Registers the metrics. Labels come from our own lists only: a label from a request would let anybody fill the memory. */
export function admissionMetrics(metrics: Metrics, registry: Registry): AdmissionMetrics {
  const registers = [metrics]
  const requests = new Counter({
    name: 'kradle_admission_requests_total',
    help: 'Admission reviews by webhook, resource, operation and result (allowed, denied, error, shed).',
    labelNames: ['webhook', 'resource', 'operation', 'result'],
    registers,
  })
  const denials = new Counter({
    name: 'kradle_admission_denials_total',
    help: 'Refused writes by the rule that refused them.',
    labelNames: ['rule'],
    registers,
  })
  const latency = new Histogram({
    name: 'kradle_admission_duration_seconds',
    help: 'Time from the whole body to the answer.',
    labelNames: ['webhook'],
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  })
  const inFlight = new Gauge({
    name: 'kradle_admission_in_flight',
    help: 'Reviews being decided on.',
    registers,
  })
  const failures = new Counter({
    name: 'kradle_admission_rule_failures_total',
    help: 'Rules that broke instead of deciding, which refuses the write: bugs.',
    labelNames: ['rule'],
    registers,
  })
  const certificateExpires = certificateExpiry(metrics)
  // Known before anything happens: an alert on a rate needs the zero.
  for (const { name } of registry.rules) denials.inc({ rule: name }, 0)
  for (const mode of ['validate', 'mutate'] as const) turnedAway(mode, 0)
  const resources = new Set(
    [...registry.rules, ...registry.mutations].flatMap(({ rule }) =>
      rule.kinds.map(({ plural, group }) => `${plural}.${group}`),
    ),
  )
  let count = 0

  function turnedAway(webhook: Mode, times: number): void {
    requests.inc({ webhook, resource: 'other', operation: 'other', result: 'shed' }, times)
  }

  return {
    begin() {
      inFlight.set(++count)
    },
    end(webhook, { request, decision, error }, seconds) {
      inFlight.set(--count)
      latency.observe({ webhook }, seconds)
      const resource = request ? `${request.resource.resource}.${request.resource.group}` : ''
      requests.inc({
        webhook,
        resource: resources.has(resource) ? resource : 'other',
        operation: request?.operation ?? 'other',
        result: error === undefined ? (decision?.allowed ? 'allowed' : 'denied') : 'error',
      })
      for (const { rule } of decision?.reasons ?? []) denials.inc({ rule })
      for (const { rule } of decision?.failures ?? []) failures.inc({ rule })
    },
    shed: webhook => turnedAway(webhook, 1),
    certificateExpires,
    get inFlight() {
      return count
    },
  }
}
