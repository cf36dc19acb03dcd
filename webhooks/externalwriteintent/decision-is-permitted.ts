import { ExternalWriteIntent } from '#src/api/activity/v1alpha1.ts'
import { IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { isSamePerson, isServiceAccount } from '#webhooks/person.ts'
import { allow, deny, rule, type AccessReview, type Request } from '#webhooks/rule.ts'

/**
 * Who decides on a write to a provider may approve, is a person, and did not ask for it.
 *
 * Everybody who may patch an intent could otherwise approve his own. A decision comes after the
 * intent: one that is created decided was never looked at by anybody else.
 */
export default rule({
  kinds: [ExternalWriteIntent],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R88', 'R180'],
  watches: [IdentityMapping],
  reviews: request => (isDeciding(request) && request.oldObject ? [approval(request)] : []),
  decide(request, cluster, access) {
    if (!isDeciding(request)) return allow
    const { namespace, object, oldObject } = request
    const { username = '' } = request.user
    const refused = (problem: string, fix: string) =>
      deny({ rule: 'R88', field: 'spec.decision', value: object.spec['decision'], problem, fix })

    if (!oldObject)
      return refused('comes before anybody was asked', 'leave it out; it is written afterwards')
    if (isServiceAccount(username))
      return refused('is not for a program to write', 'have a person decide')
    const requester = textOf(oldObject.spec['requestedBy'])
    if (isSamePerson(requester, username, namespace, cluster))
      return refused('is written by who asked for it', 'have somebody else decide')
    if (!access.allowed(approval(request)))
      return refused(
        `needs verb "approve" on ${ExternalWriteIntent.plural}, which "${username}" does not have`,
        'have an admin of the organisation decide',
      )
    return allow
  },
})

const isDeciding = ({ object, oldObject }: Request): boolean =>
  object.spec['decision'] !== undefined && oldObject?.spec['decision'] === undefined

const approval = ({ namespace, name }: Request): AccessReview => ({
  verb: 'approve',
  group: ExternalWriteIntent.group,
  resource: ExternalWriteIntent.plural,
  namespace,
  name,
})
