import type { User } from '#src/api/identity/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import type { ConditionInput, Plan } from '#src/lib/controller.ts'
import { listed, met, quoted, readyWhen, unmet } from '#src/lib/conditions.ts'
import { personasOf, roleOf, subjectsOf } from './personas.ts'

/** Whether the bindings are as they were made; `foreign` are names of bindings, `excess` is in words. */
export function syncOf(foreign: readonly string[], excess: readonly string[]): ConditionInput {
  if (excess.length > 0)
    return unmet(
      'NativeBindingSynced',
      'DriftEscalates',
      `Nobody declared ${listed(excess)}; find out who added it, then delete the RoleBinding to have it made anew`,
    )
  if (foreign.length > 0)
    return unmet(
      'NativeBindingSynced',
      'NotOurs',
      `RoleBinding ${quoted(foreign)} was made by somebody else; delete it to have it made anew`,
    )
  return met('NativeBindingSynced', 'Synced', 'The RoleBindings are as declared')
}

/** The same where the API server would not have one of them. */
export const refusedBy = (message: string): ConditionInput =>
  unmet(
    'NativeBindingSynced',
    'EscalationRefused',
    `The API server refused it: ${listed([message])}`,
  )

/** Where a User stands: who he is to Kubernetes, what he is bound to, and whether that is all. */
export function statusOf(
  user: User,
  cluster: Cluster,
  synced: ConditionInput,
): NonNullable<Plan['status']> {
  const mapped = mappingOf(user, cluster)
  const projected = projectionOf(user, cluster, synced, mapped)
  const ready = (conditions: readonly ConditionInput[]) =>
    readyWhen(conditions, projected.reason, projected.message)
  const suspended = user.spec.signInState === 'suspended'
  // Whoever is suspended needs no account.
  const conditions = suspended
    ? [mapped, ...ready([synced, projected])]
    : ready([synced, mapped, projected])
  if (synced.status === 'False') return { phase: 'Degraded', conditions }
  if (suspended) return { phase: 'Suspended', conditions }
  return { phase: mapped.status === 'True' ? 'Ready' : 'Pending', conditions }
}

function mappingOf(user: User, cluster: Cluster): ConditionInput {
  const { subjects, taken } = subjectsOf(user, cluster)
  if (subjects.length > 0)
    return met('IdentityMapped', 'Mapped', `The User is ${quoted(subjects)} to Kubernetes`)
  if (taken.length > 0)
    return unmet(
      'IdentityMapped',
      'SubjectTaken',
      `An older IdentityMapping gives ${quoted(taken)} to another User`,
    )
  return unmet(
    'IdentityMapped',
    'IdentityUnmapped',
    'No IdentityMapping with provider "kubernetes" names the User; create one',
  )
}

function projectionOf(
  user: User,
  cluster: Cluster,
  synced: ConditionInput,
  mapped: ConditionInput,
): ConditionInput {
  const type = 'RolesProjected'
  if (synced.status === 'False') return { ...synced, type }
  if (user.spec.signInState === 'suspended')
    return met(type, 'Suspended', 'Whoever is suspended has no role')
  if (mapped.status === 'False') return { ...mapped, type }
  const roles = personasOf(user, cluster).map(roleOf)
  if (roles.length === 0) return met(type, 'NoRole', 'No Team, no Invite and no flag gives a role')
  return met(type, 'Projected', `The User is bound to ${quoted(roles)}`)
}
