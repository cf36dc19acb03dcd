import { WebhookDelivery } from '#src/api/activity/v1alpha1.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { mutation } from '#webhooks/rule.ts'

/**
 * To send a delivery again it is enough to name it: what is sent is that one's.
 *
 * Not its signature: that is made anew, with the key of the day, by the algorithm of the first.
 */
export default mutation({
  kinds: [WebhookDelivery],
  operations: ['CREATE'],
  enforces: ['R207'],
  needed: 'has(object.spec.replayOf)',
  gets: [WebhookDelivery],
  lookups: ({ object, namespace }) => {
    const name = textOf(object.spec['replayOf'])
    return name === '' ? [] : [{ kind: WebhookDelivery, name, namespace, fresh: 'live' }]
  },
  apply({ object, namespace }, cluster) {
    const name = textOf(object.spec['replayOf'])
    const first = name ? cluster.get(WebhookDelivery, name, namespace) : undefined
    if (!first) return object
    const { subscription, eventType, eventId, subject, request, signature } = first.spec
    const copied = {
      subscription,
      eventType,
      signature: { algorithm: signature.algorithm },
      ...(eventId !== undefined && { eventId }),
      ...(subject && { subject }),
      ...(request && { request }),
    }
    if (Object.keys(copied).every(field => field in object.spec)) return object
    return { ...object, spec: { ...copied, ...object.spec } }
  },
})
