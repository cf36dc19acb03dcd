import { allow, deny, rule } from '#webhooks/rule.ts'
import { actsForOthers, requestedKinds, requesterField } from '#webhooks/requester.ts'

/**
 * Nobody asks in the name of somebody else.
 *
 * Who asked decides on who may answer: whoever could name another one here could approve his own request.
 */
export default rule({
  kinds: requestedKinds,
  operations: ['CREATE'],
  enforces: ['R88'],
  decide({ object, resource, user }) {
    const field = requesterField.get(resource.resource)!
    const value = object.spec[field]
    if (value === user.username || actsForOthers(user.username)) return allow
    return deny({
      rule: 'R88',
      field: `spec.${field}`,
      value,
      problem: `is not you: to the API server you are "${user.username}"`,
      fix: 'leave it out, it is filled in',
    })
  },
})
