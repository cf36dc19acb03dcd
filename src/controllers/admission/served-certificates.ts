import { APIService } from '#src/api/apiregistration/v1.ts'
import type { WebhookConfiguration } from '#src/api/admissionregistration/v1.ts'
import {
  ACTIVITY_API_SERVICE,
  ACTIVITY_GROUP,
  ACTIVITY_VERSION,
  APISERVER_SECRET,
  APISERVER_SERVICE,
  LABEL_PART_OF,
  PLATFORM_NAMESPACE,
  WEBHOOK_SECRET,
  WEBHOOK_SERVICE,
} from '#src/api/names.ts'
import { apiVersionOf } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'

/** A certificate that API servers meet, and what they have to know for trusting it. */
export interface ServedCertificate {
  /** Common name. */
  readonly name: string
  /** Name of the Secret in the platform namespace. */
  readonly secret: string
  /** Names and addresses by which API servers call. */
  readonly hosts: readonly string[]
  /**
   * What leads API servers to whoever serves it, as it should be but for the bundles. None of it
   * is there before the certificate is.
   */
  readonly objects: readonly KubernetesObject[]
}

/** Where API servers find a server of Kradle's: behind its Service, or outside the cluster at https://host:port. */
export type Address = 'service' | { readonly url: string }

/** The certificate of the webhook server; `configurations` are as shipped, without address. */
export function webhookCertificate(
  configurations: readonly WebhookConfiguration[],
  address: Address,
): ServedCertificate {
  return {
    name: 'kradle-webhook',
    secret: WEBHOOK_SECRET,
    hosts: address === 'service' ? serviceNames(WEBHOOK_SERVICE) : [new URL(address.url).hostname],
    objects: configurations.map(configuration => ({
      ...configuration,
      webhooks: (configuration.webhooks ?? []).map(webhook => {
        const path = `/${webhook.name.split('.')[0]}`
        const service = { namespace: PLATFORM_NAMESPACE, name: WEBHOOK_SERVICE, path, port: 443 }
        return {
          ...webhook,
          clientConfig: address === 'service' ? { service } : { url: address.url + path },
        }
      }),
    })),
  }
}

/** The certificate of kradle-apiserver. The API server calls it by the name of its Service wherever it runs. */
export function apiserverCertificate(address: Address): ServedCertificate {
  const url = address === 'service' ? undefined : new URL(address.url)
  return {
    name: 'kradle-apiserver',
    secret: APISERVER_SECRET,
    hosts: [
      ...serviceNames(APISERVER_SERVICE),
      ...(url ? [...new Set([url.hostname, 'localhost', '127.0.0.1'])] : []),
    ],
    objects: [
      ...(url ? [externalService(url.hostname)] : []),
      apiService(url ? Number(url.port || 443) : 443),
    ],
  }
}

const labels = { [LABEL_PART_OF]: 'kradle' }

function apiService(port: number): APIService {
  return {
    apiVersion: apiVersionOf(APIService),
    kind: APIService.kind,
    metadata: { name: ACTIVITY_API_SERVICE, labels },
    spec: {
      group: ACTIVITY_GROUP,
      version: ACTIVITY_VERSION,
      groupPriorityMinimum: 1000,
      versionPriority: 15,
      service: { namespace: PLATFORM_NAMESPACE, name: APISERVER_SERVICE, port },
    },
  }
}

/** What an API server that is not in the cluster's network resolves to the host itself. */
const externalService = (externalName: string): KubernetesObject & { readonly spec: object } => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: APISERVER_SERVICE, namespace: PLATFORM_NAMESPACE, labels },
  spec: { type: 'ExternalName', externalName, sessionAffinity: 'None' },
})

const serviceNames = (service: string): readonly string[] => [
  `${service}.${PLATFORM_NAMESPACE}.svc`,
  `${service}.${PLATFORM_NAMESPACE}.svc.cluster.local`,
]
