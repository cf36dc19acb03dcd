import { mutation } from '#webhooks/rule.ts'
import { requestedKinds, requesterField } from '#webhooks/requester.ts'

/**
 * Whoever asks for something is written down as the API server knows him.
 */
export default mutation({
  kinds: requestedKinds,
  operations: ['CREATE'],
  enforces: ['R88'],
  needed: [...new Set(requesterField.values())]
    .map(field => `!has(object.spec.${field})`)
    .join(' || '),
  apply({ object, resource, user }) {
    const field = requesterField.get(resource.resource)!
    if (field in object.spec || !user.username) return object
    return { ...object, spec: { ...object.spec, [field]: user.username } }
  },
})
