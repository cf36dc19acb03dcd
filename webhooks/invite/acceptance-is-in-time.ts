import { Invite, User } from '#src/api/identity/v1alpha1.ts'
import { inviteExpires } from '#src/permissions/invite.ts'
import { allow, deny, rule, type Request } from '#webhooks/rule.ts'

/**
 * An invite is accepted before it expires, while it stands, and by the person it was sent to.
 *
 * What is accepted becomes a RoleBinding, so an old invite in somebody's mailbox must not
 * be worth anything. The User is read live: it is usually made a moment before.
 */
export default rule({
  kinds: [Invite],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R47'],
  gets: [User],
  lookups: request => {
    const name = accepting(request)
    return name === undefined
      ? []
      : [{ kind: User, name, namespace: request.namespace, fresh: 'live' }]
  },
  decide(request, cluster) {
    const name = accepting(request)
    if (name === undefined) return allow
    const refused = (problem: string, fix: string) =>
      deny({ rule: 'R47', field: 'spec.acceptedBy', value: name, problem, fix })
    const { spec, metadata } = request.object as unknown as Invite
    if (spec.revoked) return refused('accepts an invite that is revoked', 'ask for another invite')
    const expires = inviteExpires({ spec, metadata }, cluster.now)
    if (cluster.now >= expires)
      return refused(
        `accepts an invite that expired at ${expires.toISOString()}`,
        'ask for another invite',
      )
    const user = cluster.get(User, name, request.namespace)
    if (!user)
      return refused(
        `is no User in namespace "${request.namespace}"`,
        `create User "${name}" with the mail address of the invite first`,
      )
    if (user.spec.email.toLowerCase() !== String(request.object.spec['email']).toLowerCase())
      return refused(
        'is a User with another mail address than the invite was sent to',
        'accept as the User it was sent to',
      )
    return allow
  },
})

/** The User who accepts by this very write. */
function accepting({ object, oldObject }: Request): string | undefined {
  const name = object.spec['acceptedBy']
  return typeof name === 'string' && name !== '' && name !== oldObject?.spec['acceptedBy']
    ? name
    : undefined
}
