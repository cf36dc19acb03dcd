import { readings } from './metric.ts'

/** How often the API server has called each webhook so far, by its name, from the text of its /metrics. */
export function webhookCalls(metrics: string): ReadonlyMap<string, number> {
  const calls = new Map<string, number>()
  for (const { labels, value } of readings('apiserver_admission_webhook_request_total', metrics))
    calls.set(labels['name']!, (calls.get(labels['name']!) ?? 0) + value)
  return calls
}

/** Which webhooks were called in between, and how often. */
export function callsBetween(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const grown = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const)
  return new Map(grown.filter(([, count]) => count > 0))
}
