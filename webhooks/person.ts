import { IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { Cluster } from '#src/lib/cluster.ts'

/**
 * The User whom somebody is, by the user name in the cluster; undefined where nobody says so. Of several mappings of one
 * account the oldest counts, as for its roles.
 */
export function userOf(username: string, namespace: string, cluster: Cluster): string | undefined {
  const [oldest] = cluster
    .list(IdentityMapping, namespace)
    .filter(({ spec }) => spec.provider === 'kubernetes' && spec.subject === username)
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .toSorted((a, b) => Number(ageOf(a) > ageOf(b)) - Number(ageOf(a) < ageOf(b)))
  return oldest?.spec.user
}

const ageOf = ({ metadata }: IdentityMapping): string =>
  `${metadata.creationTimestamp} ${metadata.name}`

/** Whether two user names are of one person: the same, or both of one User. */
export function isSamePerson(
  one: string,
  other: string,
  namespace: string,
  cluster: Cluster,
): boolean {
  if (one === other) return true
  const user = userOf(one, namespace, cluster)
  return user !== undefined && user === userOf(other, namespace, cluster)
}

/** Whether a user name is that of a program. */
export const isServiceAccount = (username: string): boolean =>
  username.startsWith('system:serviceaccount:')

/** Whether a user name is that of one of Kradle's own programs. */
export const isOwn = (username: string | undefined, ...deployments: readonly string[]): boolean =>
  deployments.some(name => username === `system:serviceaccount:${PLATFORM_NAMESPACE}:${name}`)
