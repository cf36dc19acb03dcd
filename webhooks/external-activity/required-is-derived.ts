import {
  ExternalSyncEvent,
  ExternalSyncState,
  ExternalWebhookDelivery,
} from '#src/api/activity/v1alpha1.ts'
import { mapOf } from '#src/permissions/untyped.ts'
import { mutation } from '#webhooks/rule.ts'

/**
 * Connectors may say what they mean in the words of the provider: a payload by payloadRef, an object by
 * resourceKind and nativeId. What is required besides follows from that.
 */
export default mutation({
  kinds: [ExternalSyncEvent, ExternalSyncState, ExternalWebhookDelivery],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R226'],
  needed: 'true',
  apply({ object, resource }) {
    const { spec } = object
    const isDelivery = resource.resource === ExternalWebhookDelivery.plural
    const field = isDelivery ? 'payload' : 'resourceRef'
    const { digest } = mapOf(spec['payloadRef'])
    const { resourceKind: kind, nativeId } = spec
    const value = isDelivery
      ? digest !== undefined && { digest }
      : kind !== undefined && { kind, ...(nativeId !== undefined && { nativeId }) }
    return field in spec || value === false
      ? object
      : { ...object, spec: { ...spec, [field]: value } }
  },
})
