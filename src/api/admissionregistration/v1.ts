import type { Kind } from '../kind.ts'
import type { KubernetesObject } from '../object.ts'

/** One webhook of a configuration; the fields Kradle never looks into stay open. */
export interface Webhook {
  name: string
  clientConfig: {
    caBundle?: string
    url?: string
    service?: { namespace: string; name: string; path?: string; port?: number }
  }
  [field: string]: unknown
}

export interface WebhookConfiguration extends KubernetesObject {
  webhooks?: Webhook[]
}

const kind = (name: string, plural: string) =>
  Object.freeze({
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    kind: name,
    plural,
    namespaced: false,
  })

export type ValidatingWebhookConfiguration = WebhookConfiguration
export const ValidatingWebhookConfiguration: Kind<WebhookConfiguration> = kind(
  'ValidatingWebhookConfiguration',
  'validatingwebhookconfigurations',
)

export type MutatingWebhookConfiguration = WebhookConfiguration
export const MutatingWebhookConfiguration: Kind<WebhookConfiguration> = kind(
  'MutatingWebhookConfiguration',
  'mutatingwebhookconfigurations',
)

export const ValidatingAdmissionPolicy: Kind = kind(
  'ValidatingAdmissionPolicy',
  'validatingadmissionpolicies',
)
export const ValidatingAdmissionPolicyBinding: Kind = kind(
  'ValidatingAdmissionPolicyBinding',
  'validatingadmissionpolicybindings',
)
export const MutatingAdmissionPolicy: Kind = kind(
  'MutatingAdmissionPolicy',
  'mutatingadmissionpolicies',
)
export const MutatingAdmissionPolicyBinding: Kind = kind(
  'MutatingAdmissionPolicyBinding',
  'mutatingadmissionpolicybindings',
)
