import { PolicyExceptionRequest } from '#src/api/policy/v1alpha1.ts'
import type { UserInfo } from '#src/api/admission/v1.ts'
import { mutation, type ReviewedObject } from '#webhooks/rule.ts'

/**
 * Who asks for an exception and who decides on it is written into the request.
 *
 * Whether these are two people is found out from there, so it comes from the API server. What is there already is for
 * requester-is-the-writer and decider-is-another to judge. An update that leaves it out means no other one.
 */
export default mutation({
  kinds: [PolicyExceptionRequest],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R88', 'R202'],
  needed: `request.resource.resource == '${PolicyExceptionRequest.plural}' && has(object.spec) && (!has(object.spec.requestedBy) || (has(object.spec.decision) && !has(object.spec.decidedBy)))`,
  apply({ object, oldObject, user }) {
    const known = {
      ...missing(object, 'requestedBy', requester(oldObject, user)),
      ...('decision' in object.spec && missing(object, 'decidedBy', decider(oldObject, user))),
    }
    return Object.keys(known).length === 0
      ? object
      : { ...object, spec: { ...object.spec, ...known } }
  },
})

const requester = (old: ReviewedObject | undefined, { username }: UserInfo): unknown =>
  old ? old.spec['requestedBy'] : username

const decider = (old: ReviewedObject | undefined, { username }: UserInfo): unknown =>
  old && 'decision' in old.spec ? old.spec['decidedBy'] : username

const missing = ({ spec }: ReviewedObject, field: string, value: unknown) =>
  field in spec || value === undefined ? {} : { [field]: value }
