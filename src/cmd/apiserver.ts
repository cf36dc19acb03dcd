import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { Snapshot } from '#src/admission/snapshot.ts'
import { servingCertificate } from '#src/admission/serving-certificate.ts'
import { namesOnly } from '#src/admission/names-only.ts'
import { Secret } from '#src/api/core/v1.ts'
import { activityKinds } from '#src/api/kinds.ts'
import { APISERVER_SECRET, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { AuthenticationConfigWatch } from '#src/apiserver/auth/authentication-config-watch.ts'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { retire } from '#src/apiserver/retention.ts'
import { REVIEW_WATCHES } from '#src/apiserver/reviews/kinds.ts'
import { activityServer, type ActivityServer } from '#src/apiserver/server.ts'
import { openStorage } from '#src/apiserver/storage/open.ts'
import { KEEP_SECONDS } from '#src/apiserver/storage/purge.ts'
import { loadClient } from '#src/lib/client.ts'
import { KradleError } from '#src/lib/errors.ts'
import { startHealth } from '#src/lib/health.ts'
import { createLog } from '#src/lib/log.ts'
import { countRequests, createRegistry, watchCaches } from '#src/lib/metrics.ts'
import { parseAddress, parseOptions } from '#src/lib/options.ts'
import { Reflector } from '#src/lib/reflector.ts'
import { shutdownSignal } from '#src/lib/shutdown.ts'
import { certificateExpiry } from '#src/lib/state-metrics.ts'
import { mutations, rules } from '#webhooks/index.ts'
import { called, inProcess, registry as registryOf } from '#webhooks/registry.ts'

const { kubeconfig, health, logLevel, flags } = parseOptions(process.argv.slice(2), {
  listen: { type: 'string', default: ':6443' },
  /** A file with postgres://USER:PASSWORD@HOST:PORT/DATABASE; on no command line, since everybody can read those. */
  'database-url-file': { type: 'string' },
  /** The definitions of what is served. */
  definitions: { type: 'string', multiple: true },
  /** Seconds to go on serving after SIGTERM, until no load balancer sends anything here any more. */
  'drain-seconds': { type: 'string', default: '10' },
  /** Seconds for which events are kept: whoever was away for longer has to list again. */
  'event-seconds': { type: 'string', default: String(KEEP_SECONDS) },
})
const listen = parseAddress('--listen', flags.listen)
const eventSeconds = Number(flags['event-seconds'])
if (!(eventSeconds >= 1))
  throw new KradleError('InvalidFlag', '--event-seconds: must be a number, of at least 1')
/** Looked after once a minute, or as often as events are to go. */
const UPKEEP_MS = Math.min(60, eventSeconds) * 1000
const databaseUrlFile = flags['database-url-file']
if (databaseUrlFile === undefined)
  throw new KradleError('InvalidFlag', '--database-url-file: must be the path of a file')
const url = readFileSync(databaseUrlFile, 'utf8').trim()
const log = createLog('apiserver', logLevel)
const stopping = shutdownSignal()

const client = loadClient({ kubeconfig, env: process.env })
const metrics = createRegistry()
countRequests(metrics, client)

const shipped = ['activity', 'reviews'].map(folder =>
  resolve(import.meta.dirname, '../../crds', folder),
)
const resources = (flags.definitions ?? shipped).flatMap(folder =>
  readDefinitions(folder, activityKinds),
)
const stored = resources.filter(({ virtual }) => !virtual)
const registry = registryOf(rules, mutations, inProcess)
const whole = new Set([...registry.watches.filter(called), ...REVIEW_WATCHES])
const watches = [
  ...[...whole].map(kind => new Reflector({ client, kind, log })),
  ...registry.names
    .filter(kind => called(kind) && !whole.has(kind))
    .map(kind => new Reflector({ client, kind, log, project: namesOnly(kind) })),
]
const secret = new Reflector<Secret>({
  client,
  log,
  kind: Secret,
  namespace: PLATFORM_NAMESPACE,
  fieldSelector: `metadata.name=${APISERVER_SECRET}`,
})
const authentication = new AuthenticationConfigWatch(client, log)
const serving = servingCertificate(secret, APISERVER_SECRET)
const expires = certificateExpiry(metrics)
const storage = openStorage({ url, log, registry: metrics })
let server: ActivityServer | undefined
let listening = false

const unready = (): readonly string[] => {
  // PostgreSQL is not among it: without discovery the garbage collector and namespaces would stand still everywhere.
  const admitting = server?.admission.reflectors ?? []
  const unsynced = [...watches, ...admitting].filter(({ hasSynced }) => !hasSynced)
  if (stopping.aborted) return ['stopping']
  if (unsynced.length > 0) return unsynced.map(({ resource }) => `${resource} is not synced`)
  if (!authentication.current) return ['it is not known yet whom to believe']
  return listening ? [] : ['not listening yet']
}
const probes = await startHealth({ ...health, registry: metrics, notReady: unready })

for (const reflector of [...watches, secret]) reflector.start()
authentication.start()
watchCaches(metrics, () => [...watches, ...(server?.admission.reflectors ?? [])])
void upkeep()
await Promise.race([
  Promise.all([serving.available, authentication.synced(), ...watches.map(each => each.synced())]),
  aborted(stopping),
])
if (!stopping.aborted) await serve()
await Promise.all([
  probes.close(),
  storage.close(),
  authentication.stop(),
  ...[...watches, secret].map(reflector => reflector.stop()),
])
client.close()

async function serve(): Promise<void> {
  server = activityServer({
    resources,
    storage,
    secret: url,
    client,
    registry,
    snapshot: new Snapshot(client, watches),
    authentication: () => authentication.current,
    certificate: serving.current!,
    unreadiness: () => unready()[0],
    metrics,
    log,
  })
  const { admission } = server
  serving.onChange(certificate => {
    server!.setCertificate(certificate)
    expires(certificate.expires)
    log.info({ expires: certificate.expires }, 'serving certificate')
  })
  admission.start()
  await Promise.race([admission.synced(), aborted(stopping)])
  await server.listen(listen.host, listen.port)
  listening = true
  log.info({ ...server.address(), resources: resources.length }, 'listening')

  await aborted(stopping)
  log.info({ seconds: Number(flags['drain-seconds']) }, 'draining')
  server.drain()
  await delay(Number(flags['drain-seconds']) * 1000)
  await server.close()
  await admission.stop()
  log.info('stopped')
}

/** Brings the schema up to date as soon as PostgreSQL is there, and from then on forgets what is old. */
async function upkeep(): Promise<void> {
  let migrated = false
  while (!stopping.aborted) {
    try {
      if (!migrated) await storage.migrate()
      migrated = true
      await storage.purge(eventSeconds, stopping)
      await retire(storage, stored, log, stopping)
    } catch (error) {
      if (!stopping.aborted) log.warn({ err: error }, 'PostgreSQL could not be looked after')
    }
    await delay(migrated ? UPKEEP_MS : 1_000, undefined, { signal: stopping, ref: false }).catch(
      () => {},
    )
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(done => {
    if (signal.aborted) done()
    else signal.addEventListener('abort', () => done(), { once: true })
  })
}
