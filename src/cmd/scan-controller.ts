import { resolve } from 'node:path'
import process from 'node:process'
import { schemasIn } from '#src/check/schemas.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { lean } from '#src/admission/lean.ts'
import { AgentConfigGrant, AgentSecretGrant } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { loadClient } from '#src/lib/client.ts'
import { KradleError } from '#src/lib/errors.ts'
import { startHealth } from '#src/lib/health.ts'
import { Leader } from '#src/lib/leader.ts'
import { createLog } from '#src/lib/log.ts'
import { countRequests, createRegistry, watchCaches } from '#src/lib/metrics.ts'
import { parseOptions } from '#src/lib/options.ts'
import { Reflector } from '#src/lib/reflector.ts'
import { shutdownSignal } from '#src/lib/shutdown.ts'
import { showLeadership } from '#src/lib/state-metrics.ts'
import { keptRules } from '#src/scan/kept.ts'
import { scanMetrics } from '#src/scan/metrics.ts'
import { KeptView } from '#src/scan/reads.ts'
import { reportApiFlag, reportApiOf } from '#src/scan/report-api.ts'
import { scanning } from '#src/scan/scanner.ts'
import { rules as allRules } from '#webhooks/index.ts'

const NAME = 'scan-controller'

const { kubeconfig, health, logLevel, flags } = parseOptions(process.argv.slice(2), {
  /** From the end of a pass to the beginning of the next. */
  'interval-seconds': { type: 'string', default: '300' },
  /** By which group reports are written: wgpolicyk8s.io or openreports.io. */
  'report-api': reportApiFlag,
})
const intervalSeconds = Number(flags['interval-seconds'])
if (!(intervalSeconds >= 1))
  throw new KradleError('InvalidFlag', '--interval-seconds must be a number, and 1 or more')
const api = reportApiOf(flags['report-api'])

const log = createLog(NAME, logLevel)
const stopping = shutdownSignal()
const client = loadClient({ kubeconfig, env: process.env })
const registry = createRegistry()
countRequests(registry, client)

const rules = keptRules(allRules)
const grants: readonly Kind[] = [AgentSecretGrant, AgentConfigGrant]
const reflectors = rules.open.watches.map(
  kind => new Reflector({ client, kind, log, ...(grants.includes(kind) && { project: lean }) }),
)
watchCaches(registry, () => reflectors)
const metrics = scanMetrics(registry, intervalSeconds)
const probes = await startHealth({
  ...health,
  registry,
  notReady: () =>
    reflectors
      .filter(({ hasSynced }) => !hasSynced)
      .map(({ resource }) => `${resource} is not synced`),
})

const leader = new Leader({ client, log, name: NAME, namespace: PLATFORM_NAMESPACE })
showLeadership(registry, () => leader.leading)
try {
  for (const reflector of reflectors) reflector.start()
  await Promise.race([Promise.all(reflectors.map(each => each.synced())), aborted(stopping)])
  if (!stopping.aborted && (await leader.acquire(stopping))) await lead()
} finally {
  await leader.release()
  await Promise.all([probes.close(), ...reflectors.map(reflector => reflector.stop())])
  client.close()
}

/** Works until the signal, or until somebody else is the leader: then it ends the process with an error. */
async function lead(): Promise<void> {
  const calledOff = new AbortController()
  const signal = AbortSignal.any([stopping, calledOff.signal])
  const work = scanning({
    client,
    log,
    means: { rules, schemas: schemasIn(resolve(import.meta.dirname, '../../crds')) },
    view: new KeptView(client, reflectors),
    api,
    signal,
    check: () => leader.check(),
    metrics,
    reflectors,
    intervalMs: intervalSeconds * 1000,
  })
  try {
    await Promise.race([work, leader.lost])
  } finally {
    calledOff.abort()
    await work.catch(() => {})
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(done => {
    if (signal.aborted) done()
    signal.addEventListener('abort', () => done(), { once: true })
  })
}
