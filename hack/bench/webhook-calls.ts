/** How often the API server has called each webhook so far, by its name, from the text of its /metrics. */
export function webhookCalls(metrics: string): ReadonlyMap<string, number> {
  const calls = new Map<string, number>()
  for (const [, name, count] of metrics.matchAll(line))
    calls.set(name!, (calls.get(name!) ?? 0) + Number(count))
  return calls
}

const line = /^apiserver_admission_webhook_request_total\{[^}]*\bname="([^"]+)"[^}]*\} (\S+)$/gm

/** Which webhooks were called in between, and how often. */
export function callsBetween(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const grown = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const)
  return new Map(grown.filter(([, count]) => count > 0))
}
