import {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
  type WebhookConfiguration,
} from '#src/api/admissionregistration/v1.ts'
import { Service } from '#src/api/core/v1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { injecting } from './injected.ts'
import {
  apiserverCertificate,
  webhookCertificate,
  type Address,
  type ServedCertificate,
} from './served-certificates.ts'

/** What a cluster is told about Kradle. */
export interface Installation {
  /** The admission policies with their bindings. */
  readonly policies: readonly KubernetesObject[]
  /** The webhook server's, and that of kradle-apiserver where there is one. */
  readonly certificates: readonly ServedCertificate[]
  /** False where somebody else, cert-manager say, writes the Secrets and the caBundles. */
  readonly ownCertificates: boolean
}

/**
 * The same from what is shipped: webhook configurations without address and CA, and admission
 * policies. `activity` is where kradle-apiserver runs, if it does.
 */
export function installationOf(
  shipped: readonly KubernetesObject[],
  options: {
    readonly webhook: Address
    readonly activity?: Address | undefined
    readonly ownCertificates: boolean
    /** `namespace/name` of the Certificate by which cert-manager writes the caBundles, where it does. */
    readonly injectCaFrom?: string | undefined
    /** The same for the APIService, where its server has a Certificate, and so an authority, of its own. */
    readonly apiserverInjectCaFrom?: string | undefined
  },
): Installation {
  const isConfiguration = ({ kind }: KubernetesObject) =>
    kind === ValidatingWebhookConfiguration.kind || kind === MutatingWebhookConfiguration.kind
  const configurations = shipped.filter(isConfiguration) as WebhookConfiguration[]
  const { webhook, activity, ownCertificates, injectCaFrom } = options
  const { apiserverInjectCaFrom = injectCaFrom } = options
  const inject = (certificate: ServedCertificate, from: string | undefined): ServedCertificate => ({
    ...certificate,
    objects: certificate.objects.map(object =>
      from === undefined || object.kind === Service.kind ? object : injecting(object, from),
    ),
  })
  return {
    policies: shipped.filter(object => !isConfiguration(object)),
    certificates: [
      inject(webhookCertificate(configurations, webhook), injectCaFrom),
      ...(activity ? [inject(apiserverCertificate(activity), apiserverInjectCaFrom)] : []),
    ],
    ownCertificates,
  }
}
