import type { Metric } from 'prom-client'
import { admissionMetrics } from '#src/admission/metrics.ts'
import { countProblems } from '#src/apiserver/admission/unsupported.ts'
import { httpMetrics } from '#src/apiserver/http/metrics.ts'
import { watchStorage } from '#src/apiserver/storage/metrics.ts'
import { admissionEffects } from '#src/controllers/admission/effects.ts'
import { Client } from '#src/lib/client.ts'
import { createLog } from '#src/lib/log.ts'
import { controllerMetrics, countRequests, createRegistry, watchCaches } from '#src/lib/metrics.ts'
import { showLeadership, showMemoryLimit, showReadiness } from '#src/lib/state-metrics.ts'
import { scanMetrics } from '#src/scan/metrics.ts'
import { registry as rulesOf } from '#webhooks/registry.ts'

/** Every metric that a process of Kradle's may show, with its labels, as the code registers them. */
export function registeredMetrics(): ReadonlyMap<string, readonly string[]> {
  const registry = createRegistry()
  const nobody = new Client({
    server: new URL('http://127.0.0.1:1'),
    tls: {},
    authorize: async () => ({}),
    refused: () => {},
  })
  countRequests(registry, nobody)
  watchCaches(registry, () => [])
  controllerMetrics(registry, () => [])
  showReadiness(registry, () => [])
  showLeadership(registry, () => true)
  if (!registry.getSingleMetric('kradle_memory_limit_bytes')) showMemoryLimit(registry, 1, 2)
  admissionMetrics(registry, rulesOf({}, {}))
  admissionEffects({
    client: nobody,
    log: createLog('test', 'error'),
    registry,
    fieldManager: 'test',
    lifetimeMs: 1,
  })
  httpMetrics(registry)
  scanMetrics(registry, 300)
  const feed = {
    answers: true,
    horizonLagSeconds: 0,
    lagSeconds: 0,
    ring: { bytes: 0, size: 0 },
    subscribers: 0,
  }
  watchStorage(registry, feed, [])
  countProblems(registry, () => ({
    validatingPolicies: [],
    mutatingPolicies: [],
    validatingWebhooks: [],
    mutatingWebhooks: [],
  }))
  return new Map(
    registry
      .getMetricsAsArray()
      .flatMap(({ name }) => namesOf(name, registry.getSingleMetric(name)!)),
  )
}

/** A histogram shows three, of which one has a label more. */
function namesOf(name: string, metric: Metric): [name: string, labels: readonly string[]][] {
  const { labelNames, constructor } = metric as unknown as {
    labelNames: readonly string[]
    constructor: { name: string }
  }
  if (constructor.name !== 'Histogram') return [[name, labelNames]]
  return [
    [`${name}_bucket`, [...labelNames, 'le']],
    [`${name}_count`, labelNames],
    [`${name}_sum`, labelNames],
  ]
}
