import { IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import { PolicyExceptionRequest } from '#src/api/policy/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { isDeciding } from '#webhooks/exception-request.ts'
import { isSamePerson } from '#webhooks/person.ts'
import { allow, deny, rule, type AccessReview, type Finding, type Request } from '#webhooks/rule.ts'

/**
 * An exception is decided on in time, by somebody with the verb approve who did not ask for it, and in his own name.
 *
 * Accounts that are mapped to one User are one person.
 */
export default rule({
  kinds: [PolicyExceptionRequest],
  operations: ['UPDATE'],
  enforces: ['R88', 'R201', 'R202'],
  watches: [IdentityMapping],
  reviews: request => (isDeciding(request) ? [approve(request)] : []),
  decide(request, cluster, access) {
    if (!isDeciding(request)) return allow
    return [
      ...whoAsked(request, cluster),
      ...(access.allowed(approve(request)) ? allow : withoutVerb(request)),
      ...inHisOwnName(request),
      ...tooLate(request, cluster),
    ]
  },
})

const approve = ({ namespace, name }: Request): AccessReview => ({
  verb: 'approve',
  group: PolicyExceptionRequest.group,
  resource: PolicyExceptionRequest.plural,
  namespace,
  name,
})

const refused = (
  { object }: Request,
  problem: string,
  fix: string,
  number = 'R202',
): readonly Finding[] =>
  deny({ rule: number, field: 'spec.decision', value: object.spec['decision'], problem, fix })

function whoAsked(request: Request, cluster: Cluster): readonly Finding[] {
  const { username = '' } = request.user
  const requester = textOf(request.oldObject?.spec['requestedBy'])
  if (requester === '')
    return refused(
      request,
      'is about a request of which nobody knows who asked',
      'have it asked again, by another PolicyExceptionRequest',
    )
  if (!isSamePerson(username, requester, request.namespace, cluster)) return allow
  const who =
    username === requester
      ? 'who asks for it'
      : `who is the same User as "${requester}", who asks for it`
  return refused(request, `is written by "${username}", ${who}`, 'have somebody else decide')
}

const withoutVerb = (request: Request): readonly Finding[] =>
  refused(
    request,
    `is for whoever has the verb approve, which "${request.user.username}" has not on ${PolicyExceptionRequest.plural} "${request.name}" in namespace "${request.namespace}"`,
    'have an admin of the organisation decide',
  )

function inHisOwnName({ object, user: { username } }: Request): readonly Finding[] {
  const value = object.spec['decidedBy']
  if (value === username) return allow
  return deny({
    rule: 'R88',
    field: 'spec.decidedBy',
    value,
    problem: `is not who decides, "${username}"`,
    fix: 'leave it out, it is filled in',
  })
}

function tooLate(request: Request, { now }: Cluster): readonly Finding[] {
  const expiresAt = textOf(request.oldObject?.spec['expiresAt'])
  if (new Date(expiresAt) > now) return allow
  return refused(
    request,
    `comes after ${expiresAt}, when the exception ends`,
    'have it asked again, by another PolicyExceptionRequest',
    'R201',
  )
}
