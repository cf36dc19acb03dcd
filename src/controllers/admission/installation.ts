import {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
  type WebhookConfiguration,
} from '#src/api/admissionregistration/v1.ts'
import { Namespace, Secret } from '#src/api/core/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import {
  LABEL_PART_OF,
  PLATFORM_NAMESPACE,
  WEBHOOK_CONFIGURATION,
  WEBHOOK_SECRET,
} from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { controller, watch, type Effect, type Plan } from '#src/lib/controller.ts'
import { driftOf } from './drift.ts'
import { aliveIn, nextStep, publishable, type ServingSecret, type Step } from './rotation.ts'
import { readServingSecret, writeServingSecret } from './serving-secret.ts'

/** What the installation is made of, besides the certificate. */
export interface Installation {
  /** The two webhook configurations without address and CA, and the admission policies with their bindings. */
  readonly manifests: readonly KubernetesObject[]
  /** Where the API server finds the webhook server. */
  readonly address: { readonly url: string } | { readonly service: string }
  /** False where somebody else, cert-manager say, writes the Secret and the caBundles. */
  readonly ownCertificates: boolean
}

const policyKinds = [
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
]
const configurationKinds = [ValidatingWebhookConfiguration, MutatingWebhookConfiguration]

/**
 * Keeps what the API server is told about Kradle: webhook configurations,
 * admission policies and the authority that signed the serving certificate.
 *
 * The API server exempts its own admission configuration from admission, so
 * nothing can refuse a change to these objects. Whoever has the right may break
 * the glass; this puts the glass back and says so.
 *
 * It hangs on the platform namespace because that is the one object which is
 * always there when any of the others may be missing.
 */
export const installation = (parts: Installation) =>
  controller(Namespace, {
    name: 'installation',
    resourceName: PLATFORM_NAMESPACE,
    watches: [
      watch(Secret, {
        namespace: PLATFORM_NAMESPACE,
        name: WEBHOOK_SECRET,
        toOwners: () => [{ name: PLATFORM_NAMESPACE }],
      }),
      ...configurationKinds.map(kind =>
        watch(kind, {
          name: WEBHOOK_CONFIGURATION,
          toOwners: () => [{ name: PLATFORM_NAMESPACE }],
        }),
      ),
      ...policyKinds
        .filter(kind => parts.manifests.some(manifest => manifest.kind === kind.kind))
        .map(kind =>
          watch(kind, {
            labels: { [LABEL_PART_OF]: 'kradle' },
            toOwners: () => [{ name: PLATFORM_NAMESPACE }],
          }),
        ),
    ],
    writes: [
      ...[...configurationKinds, ...policyKinds].flatMap(kind => {
        const resourceNames = parts.manifests
          .filter(manifest => manifest.kind === kind.kind)
          .map(({ metadata }) => metadata.name)
        return resourceNames.length === 0
          ? []
          : [
              { kind, verbs: ['create'] as const },
              { kind, verbs: ['patch', 'update'] as const, resourceNames },
            ]
      }),
      { kind: Secret, verbs: ['create'], namespace: PLATFORM_NAMESPACE },
      {
        kind: Secret,
        verbs: ['patch'],
        namespace: PLATFORM_NAMESPACE,
        resourceNames: [WEBHOOK_SECRET],
      },
    ],
    // Two rotations from one stale look would publish an authority that never serves.
    lookups: () => [{ kind: Secret, name: WEBHOOK_SECRET, namespace: PLATFORM_NAMESPACE }],
    reconcile: (_, cluster) => reconcile(parts, cluster),
  })

function reconcile(parts: Installation, cluster: Cluster): Plan {
  const secret = readServingSecret(cluster.get(Secret, WEBHOOK_SECRET, PLATFORM_NAMESPACE))
  const restored = parts.manifests.flatMap(manifest =>
    restore(manifest, parts, publishable(secret, cluster.now), cluster),
  )
  const kept = {
    apply: restored.flatMap(({ apply }) => apply ?? []),
    replace: restored.flatMap(({ replace }) => replace ?? []),
  }
  const reports = restored.flatMap(({ effects }) => effects ?? [])
  if (!parts.ownCertificates) return { ...kept, effects: reports }

  const published = configurationKinds.flatMap(kind =>
    (cluster.get(kind, WEBHOOK_CONFIGURATION)?.webhooks ?? []).map(({ clientConfig }) =>
      Buffer.from(clientConfig.caBundle ?? '', 'base64').toString('utf8'),
    ),
  )
  const step = nextStep(secret, published, cluster.now)
  return {
    ...kept,
    apply: [...kept.apply, ...secretOf(step)],
    effects: [
      ...reports,
      ...issueOf(step, secret, aliveIn([secret?.bundle ?? '', ...published], cluster.now)),
    ],
    ...(step.do === 'wait' && { requeueAfter: Math.max(step.ms, 100) / 1_000 }),
  }
}

/** Puts one object back: whole, since applying would leave fields standing that somebody else added. */
function restore(
  manifest: KubernetesObject,
  parts: Installation,
  bundle: string | undefined,
  cluster: Cluster,
): Plan {
  // Before there is a certificate a configuration would only make every write fail.
  if (!isPolicy(manifest) && parts.ownCertificates && !bundle) return {}
  const live = cluster.get(kindOf(manifest), manifest.metadata.name)
  const wanted = withAddress(manifest, parts, bundle, live)
  if (!live) {
    const effects = isNew(cluster) ? [] : [report(manifest, 'missing', 'it was missing')]
    return { apply: [wanted], effects }
  }
  const drift = driftOf(wanted, live)
  const unlabelled = live.metadata.labels?.[LABEL_PART_OF] !== 'kradle'
  if (drift.length === 0 && !unlabelled) return {}
  const foreign = drift.find(path => !path.includes('.clientConfig'))
  return {
    replace: [
      {
        ...wanted,
        metadata: {
          ...live.metadata,
          labels: { ...live.metadata.labels, ...wanted.metadata.labels },
        },
      },
    ],
    // A new authority is our own doing and not worth a word.
    effects: foreign
      ? [report(manifest, String(live.metadata.resourceVersion), `it was changed at ${foreign}`)]
      : [],
  }
}

/** Whether the first certificate was made just now: what is missing then was never there. */
function isNew(cluster: Cluster): boolean {
  const made = cluster.get(Secret, WEBHOOK_SECRET, PLATFORM_NAMESPACE)?.metadata.creationTimestamp
  return made === undefined || cluster.now.getTime() - Date.parse(made) < NEW_MS
}

const NEW_MS = 5_000

const report = ({ kind, metadata }: KubernetesObject, version: string, what: string): Effect => ({
  type: 'report-drift',
  key: `${kind}/${metadata.name}/${version}`,
  kind,
  name: metadata.name,
  what,
})

const secretOf = (step: Step): KubernetesObject[] =>
  step.do === 'switch' || step.do === 'trim' ? [writeServingSecret(step.secret)] : []

const issueOf = (step: Step, secret: ServingSecret | undefined, trusted: string): Effect[] =>
  step.do === 'issue'
    ? [{ type: 'issue-certificate', key: secret?.certificate ?? '', next: step.next, trusted }]
    : []

function withAddress(
  manifest: KubernetesObject,
  { address, ownCertificates }: Installation,
  bundle = '',
  live?: WebhookConfiguration,
): KubernetesObject {
  if (isPolicy(manifest)) return manifest
  const configuration = manifest as WebhookConfiguration
  return {
    ...configuration,
    webhooks: configuration.webhooks?.map((webhook, index) => {
      const path = `/${webhook.name.split('.')[0]}`
      return {
        ...webhook,
        clientConfig: {
          ...('url' in address
            ? { url: address.url + path }
            : {
                service: { namespace: PLATFORM_NAMESPACE, name: address.service, path, port: 443 },
              }),
          caBundle: ownCertificates
            ? Buffer.from(bundle).toString('base64')
            : live?.webhooks?.[index]?.clientConfig.caBundle,
        },
      }
    }),
  } as KubernetesObject
}

const isPolicy = ({ kind }: KubernetesObject): boolean =>
  policyKinds.some(policy => policy.kind === kind)

const kindOf = ({ kind }: KubernetesObject): Kind<WebhookConfiguration> =>
  [...configurationKinds, ...policyKinds].find(known => known.kind === kind)!
