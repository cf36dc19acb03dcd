import type { ExternalWebhookDelivery } from '#src/api/activity/v1alpha1.ts'
import type { Hooks } from '../write/hooks.ts'

/** What a provider delivers again is there already (R178). */
export const delivery: Hooks = {
  claim(object) {
    const { spec, metadata } = object as unknown as ExternalWebhookDelivery
    return spec.deliveryId === undefined
      ? undefined
      : `delivery ${spec.deliveryId} of ${metadata.namespace}/${spec.providerRef}`
  },
}
