import { Invite, Team } from '#src/api/identity/v1alpha1.ts'
import { controller, watch } from '#src/lib/controller.ts'
import { inviteExpires } from '#src/permissions/invite.ts'
import { met, quoted, readyWhen, unmet } from '#src/lib/conditions.ts'

/** Timers of weeks are not worth relying on. */
const LOOK_SECONDS = 3600

/**
 * Says of every Invite where it stands, and ends it when its time has come (R47).
 *
 * Whether somebody may still accept is decided when he does, by admission; here an
 * acceptance counts, unless the invite had been seen to be expired before. Revoking
 * takes back an accepted invite as well.
 */
export default controller(Invite, {
  name: 'invite',
  watches: [
    watch(Team, {
      toOwners: ({ metadata }, cluster) =>
        cluster
          .list(Invite, metadata.namespace)
          .filter(({ spec }) => spec.teams?.includes(metadata.name))
          .map(({ metadata: { name, namespace } }) => ({ name, ...(namespace && { namespace }) })),
    }),
  ],
  writes: [],
  reconcile(invite, cluster) {
    const { namespace } = invite.metadata
    const phase = phaseOf(invite, cluster.now)
    const expiry = inviteExpires(invite, cluster.now)
    const expiresAt = `${expiry.toISOString().slice(0, 19)}Z`
    const missing = (invite.spec.teams ?? []).filter(name => !cluster.get(Team, name, namespace))
    const standing = {
      Pending: met('Ready', 'AwaitingAcceptance', `It can be accepted until ${expiresAt}`),
      Accepted: met('Ready', 'Accepted', `User "${invite.spec.acceptedBy}" accepted`),
      Expired: unmet('Ready', 'Expired', `It could be accepted until ${expiresAt}`),
      Revoked: unmet('Ready', 'Revoked', 'It was revoked'),
    }[phase]
    const teams =
      missing.length === 0
        ? met('TeamsResolved', 'TeamsFound', 'Every Team that is named exists')
        : unmet('TeamsResolved', 'TeamMissing', `There is no Team ${quoted(missing)}`)
    const left = Math.ceil((expiry.getTime() - cluster.now.getTime()) / 1000)
    return {
      status: {
        phase,
        fields: { expiresAt },
        conditions:
          standing.status === 'False'
            ? [standing, teams]
            : readyWhen([teams], standing.reason, standing.message),
      },
      ...(phase === 'Pending' && { requeueAfter: Math.min(left, LOOK_SECONDS) }),
    }
  },
})

/** Where an invite stands. */
export function phaseOf(invite: Invite, now: Date): 'Pending' | 'Accepted' | 'Expired' | 'Revoked' {
  if (invite.spec.revoked) return 'Revoked'
  const expired = now >= inviteExpires(invite, now)
  if (invite.spec.acceptedBy === undefined) return expired ? 'Expired' : 'Pending'
  return expired && invite.status?.phase === 'Expired' ? 'Expired' : 'Accepted'
}
