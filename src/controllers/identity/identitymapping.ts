import { IdentityMapping, User } from '#src/api/identity/v1alpha1.ts'
import { controller, watch } from '#src/lib/controller.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { met, readyWhen, unmet } from '#src/lib/conditions.ts'

/**
 * Says on every mapping whether its User exists, and whether the account is that
 * User's: of two mappings that give one account to different people the older counts,
 * or whoever may write mappings could take over what somebody else has.
 */
export default controller(IdentityMapping, {
  name: 'identitymapping',
  watches: [
    watch(User, {
      toOwners: ({ metadata: { name, namespace } }, cluster) =>
        cluster
          .list(IdentityMapping, namespace)
          .filter(({ spec }) => spec.user === name)
          .map(keyed),
    }),
    watch(IdentityMapping, {
      toOwners: (mapping, cluster) => rivalsOf(mapping, cluster).map(keyed),
    }),
  ],
  writes: [],
  reconcile(mapping, cluster) {
    const { user, provider, subject } = mapping.spec
    const holder = holderOf(mapping, cluster)
    const resolved = cluster.get(User, user, mapping.metadata.namespace)
      ? met('UserResolved', 'UserFound', `User "${user}" exists`)
      : unmet('UserResolved', 'UserMissing', `User "${user}" does not exist`)
    const unique =
      holder.spec.user === user
        ? met(
            'SubjectUnique',
            'SubjectFree',
            `"${subject}" at ${provider} is mapped to nobody else`,
          )
        : unmet(
            'SubjectUnique',
            'SubjectTaken',
            `"${subject}" at ${provider} is User "${holder.spec.user}" by the older mapping "${holder.metadata.name}"; delete one of them`,
          )
    const conditions = readyWhen(
      [unique, resolved],
      'Mapped',
      `"${subject}" at ${provider} is User "${user}"`,
    )
    const phase =
      unique.status === 'False' ? 'Blocked' : resolved.status === 'False' ? 'Pending' : 'Ready'
    return { status: { phase, conditions } }
  },
})

/** The mapping that says whose account it is: the oldest, by name where several are as old. */
export function holderOf(mapping: IdentityMapping, cluster: Cluster): IdentityMapping {
  const [holder = mapping] = rivalsOf(mapping, cluster).toSorted((a, b) =>
    ageOf(a) < ageOf(b) ? -1 : 1,
  )
  return holder
}

/** Every mapping of the same account, this one too; those that are going count no more. */
export const rivalsOf = (
  { metadata: { namespace }, spec: { provider, subject } }: IdentityMapping,
  cluster: Cluster,
): readonly IdentityMapping[] =>
  cluster
    .list(IdentityMapping, namespace)
    .filter(other => other.spec.provider === provider && other.spec.subject === subject)
    .filter(({ metadata }) => !metadata.deletionTimestamp)

const ageOf = ({ metadata }: IdentityMapping): string =>
  `${metadata.creationTimestamp} ${metadata.name}`

const keyed = ({ metadata: { name, namespace } }: IdentityMapping) => ({
  name,
  ...(namespace && { namespace }),
})
