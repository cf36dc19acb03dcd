import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import process from 'node:process'
import { parseAllDocuments } from 'yaml'
import type { KubernetesObject } from '#src/api/object.ts'
import { activityAddress } from '#src/controllers/admission/activity-address.ts'
import { admissionEffects } from '#src/controllers/admission/effects.ts'
import { admission } from '#src/controllers/admission/index.ts'
import { installationOf } from '#src/controllers/admission/installed.ts'
import { certificateNamed } from '#src/controllers/admission/injected.ts'
import { strictnessOf } from '#src/controllers/admission/strictness.ts'
import { tailored } from '#src/controllers/admission/tailor.ts'
import { loadClient } from '#src/lib/client.ts'
import { createLog } from '#src/lib/log.ts'
import { runDeployment } from '#src/lib/manager.ts'
import { createRegistry } from '#src/lib/metrics.ts'
import { parseOptions } from '#src/lib/options.ts'
import { shutdownSignal } from '#src/lib/shutdown.ts'

const { kubeconfig, health, logLevel, flags } = parseOptions(process.argv.slice(2), {
  /** Where the API server finds the webhook server when it is not behind a Service: https://host:port. */
  'webhook-url': { type: 'string' },
  /** `service` where kradle-apiserver runs behind its Service, `url` where at --apiserver-url, `off` where not at all. */
  activity: { type: 'string' },
  /** Where the API server finds kradle-apiserver when it is not behind a Service: https://host:port. */
  'apiserver-url': { type: 'string' },
  /** How long a serving certificate lives, in seconds; it is renewed after two thirds of that. */
  'certificate-seconds': { type: 'string', default: String(90 * 24 * 3600) },
  /** `own`, or `external` where cert-manager writes the Secrets and the caBundles. */
  certificates: { type: 'string', default: 'own' },
  /** `<namespace>/<name>` of the Certificate by which cert-manager writes the caBundles. */
  'inject-ca-from': { type: 'string' },
  /** The same for the APIService alone, where kradle-apiserver has a Certificate of its own. */
  'apiserver-inject-ca-from': { type: 'string' },
  /** `<webhook>=Fail` or `<webhook>=Ignore`: whether writes pass while it cannot be reached. */
  'failure-policy': { type: 'string', multiple: true, default: [] as string[] },
  /** `<webhook>=<1-30>`: how long the API server waits for it. */
  'timeout-seconds': { type: 'string', multiple: true, default: [] as string[] },
  /** A namespace in which nothing but Kradle's own kinds is judged. */
  'exempt-namespace': { type: 'string', multiple: true, default: [] as string[] },
})
const client = loadClient({ kubeconfig, env: process.env })
const log = createLog('admission-controller', logLevel)
const registry = createRegistry()
const url = flags['webhook-url']
const [injectCaFrom, apiserverInjectCaFrom] = (
  ['inject-ca-from', 'apiserver-inject-ca-from'] as const
).map(flag => certificateNamed(`--${flag}`, flags[flag], flags.certificates))
const activity = activityAddress(flags.activity, flags['apiserver-url'])

const chart = resolve(import.meta.dirname, '../../charts/kradle')
const shipped = globSync(['files/webhooks.yaml', 'admission/*.yaml'], { cwd: chart })
  .toSorted()
  .flatMap(file => parseAllDocuments(readFileSync(resolve(chart, file), 'utf8')))
  .map(document => document.toJS() as KubernetesObject)
const strictness = strictnessOf(flags, shipped)
const served = await client.raw<{ resources: { kind: string }[] }>({
  method: 'GET',
  path: '/apis/admissionregistration.k8s.io/v1',
})
const manifests = tailored(
  shipped,
  served.resources.map(({ kind }) => kind),
  strictness,
)

const deployment = admission(
  installationOf(manifests, {
    webhook: url === undefined ? 'service' : { url },
    activity,
    ownCertificates: flags.certificates === 'own',
    injectCaFrom,
    apiserverInjectCaFrom,
  }),
)
await runDeployment(deployment, {
  client,
  health,
  log,
  registry,
  signal: shutdownSignal(),
  executors: admissionEffects({
    client,
    log,
    registry,
    fieldManager: deployment.name,
    lifetimeMs: Number(flags['certificate-seconds']) * 1000,
  }),
})
