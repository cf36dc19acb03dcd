import { setTimeout as delay } from 'node:timers/promises'
import process from 'node:process'
import {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from '#src/api/admissionregistration/v1.ts'
import { Secret } from '#src/api/core/v1.ts'
import { AgentConfigGrant, AgentSecretGrant } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { PLATFORM_NAMESPACE, WEBHOOK_CONFIGURATION, WEBHOOK_SECRET } from '#src/api/names.ts'
import { admissionMetrics } from '#src/admission/metrics.ts'
import { lean } from '#src/admission/lean.ts'
import { namesOnly } from '#src/admission/names-only.ts'
import { unreadiness } from '#src/admission/readiness.ts'
import { admissionServer } from '#src/admission/server.ts'
import { servingCertificate } from '#src/admission/serving-certificate.ts'
import { Snapshot } from '#src/admission/snapshot.ts'
import { loadClient } from '#src/lib/client.ts'
import { startHealth } from '#src/lib/health.ts'
import { createLog } from '#src/lib/log.ts'
import { countRequests, createRegistry, watchCaches } from '#src/lib/metrics.ts'
import { parseAddress, parseOptions } from '#src/lib/options.ts'
import { Reflector } from '#src/lib/reflector.ts'
import { shutdownSignal } from '#src/lib/shutdown.ts'
import { mutations, rules } from '#webhooks/index.ts'
import { called, registry as registryOf } from '#webhooks/registry.ts'

const { kubeconfig, health, logLevel, flags } = parseOptions(process.argv.slice(2), {
  listen: { type: 'string', default: ':9443' },
  'max-in-flight': { type: 'string', default: '512' },
  /** Seconds to go on serving after SIGTERM, until no load balancer sends anything here any more. */
  'drain-seconds': { type: 'string', default: '10' },
})
const listen = parseAddress('--listen', flags.listen)
const log = createLog('webhook', logLevel)
const stopping = shutdownSignal()

const client = loadClient({ kubeconfig, env: process.env })
const metrics = createRegistry()
countRequests(metrics, client)

const registry = registryOf(rules, mutations, called)
const grants: readonly Kind[] = [AgentSecretGrant, AgentConfigGrant]
const reflect = (kind: (typeof registry.watches)[number], selection = {}) =>
  new Reflector({ client, kind, log, ...selection })
const watches = [
  ...registry.watches.map(kind =>
    // Neither rule nor reason to keep more of them: there are as many as agents have keys.
    reflect(kind, grants.includes(kind) ? { project: lean } : {}),
  ),
  ...registry.names.map(kind => reflect(kind, { project: namesOnly(kind) })),
]
const secret = reflect(Secret, {
  namespace: PLATFORM_NAMESPACE,
  fieldSelector: `metadata.name=${WEBHOOK_SECRET}`,
})
const configurations = [ValidatingWebhookConfiguration, MutatingWebhookConfiguration].map(kind =>
  reflect(kind, { fieldSelector: `metadata.name=${WEBHOOK_CONFIGURATION}` }),
)
const reflectors = [...watches, secret, ...configurations]
watchCaches(metrics, () => reflectors)

const snapshot = new Snapshot(client, watches)
const admission = admissionMetrics(metrics, registry)
const serving = servingCertificate(secret)
let listening = false

const probes = await startHealth({
  ...health,
  registry: metrics,
  notReady() {
    const why = unreadiness({
      synced: reflectors.every(({ hasSynced }) => hasSynced),
      stalenessSeconds: Math.max(...reflectors.map(each => each.stalenessSeconds())),
      certificate: serving.current?.cert,
      configurations: configurations.map(({ store }) => store.get(WEBHOOK_CONFIGURATION)),
      stopping: stopping.aborted,
      now: new Date(),
    })
    if (why !== undefined) return [why]
    // Ready a moment too early, and the first connections would be refused.
    return listening ? [] : ['not listening yet']
  },
})

for (const reflector of reflectors) reflector.start()
// A signal while starting ends the process the same way: nothing has been promised yet.
await Promise.race([
  Promise.all([serving.available, ...watches.map(each => each.synced())]),
  aborted(stopping),
])
if (!stopping.aborted) await serve()
await Promise.all([probes.close(), ...reflectors.map(reflector => reflector.stop())])
client.close()

async function serve(): Promise<void> {
  const server = admissionServer({
    client,
    registry,
    snapshot,
    metrics: admission,
    log,
    certificate: serving.current!,
    maxInFlight: Number(flags['max-in-flight']),
  })
  serving.onChange(certificate => {
    server.setCertificate(certificate)
    admission.certificateExpires(certificate.expires)
    log.info({ expires: certificate.expires }, 'serving certificate')
  })
  await server.listen(listen.host, listen.port)
  listening = true
  log.info({ ...server.address() }, 'listening')

  await aborted(stopping)
  log.info({ seconds: Number(flags['drain-seconds']) }, 'draining')
  server.drain()
  await delay(Number(flags['drain-seconds']) * 1000)
  await server.close()
  log.info('stopped')
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
