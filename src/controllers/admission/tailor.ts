import type { WebhookConfiguration } from '#src/api/admissionregistration/v1.ts'
import { LABEL_ORG } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'

/**
 * The shipped objects as they fit a cluster that serves the given kinds of
 * admissionregistration.k8s.io/v1.
 *
 * Where it has MutatingAdmissionPolicy, the API server fills objects in by itself, and
 * the mutating webhook is left with what is in no organisation's namespace, to say why
 * it cannot be. Where it has not (before 1.36), the webhook does all of it.
 */
export function tailored(
  shipped: readonly KubernetesObject[],
  served: readonly string[],
): KubernetesObject[] {
  const fills = served.includes('MutatingAdmissionPolicy')
  return shipped
    .filter(({ kind }) => served.includes(kind))
    .map(object =>
      fills && object.kind === 'MutatingWebhookConfiguration' ? outsideOnly(object) : object,
    )
}

function outsideOnly(object: KubernetesObject): KubernetesObject {
  const configuration = object as WebhookConfiguration
  const namespaceSelector = { matchExpressions: [{ key: LABEL_ORG, operator: 'DoesNotExist' }] }
  return {
    ...configuration,
    webhooks: configuration.webhooks?.map(webhook => ({ ...webhook, namespaceSelector })),
  } as KubernetesObject
}
