import { RepositoryPermission } from '#src/api/data-plane/v1alpha1.ts'
import { Team, User } from '#src/api/identity/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'

/**
 * Whether a User has permission admin on a repository, himself or through a Team that he is in. Who is suspended, or
 * being deleted, has none; and what is being deleted gives none.
 */
export function isRepositoryAdmin(
  user: string | undefined,
  repository: string,
  namespace: string,
  cluster: Cluster,
): boolean {
  if (user === undefined) return false
  const person = cluster.get(User, user, namespace)
  if (!person || person.metadata.deletionTimestamp || person.spec.signInState === 'suspended')
    return false
  const teams = cluster
    .list(Team, namespace)
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .filter(({ spec }) => spec.members?.includes(user) || spec.maintainers?.includes(user))
  const names = new Set(teams.map(({ metadata }) => metadata.name))
  return (
    teams.some(({ spec }) =>
      spec.repositoryPermissions?.some(
        given => given.repository === repository && given.permission === 'admin',
      ),
    ) ||
    cluster
      .list(RepositoryPermission, namespace)
      .filter(({ metadata }) => !metadata.deletionTimestamp)
      .filter(({ spec }) => spec.repository === repository && spec.permission === 'admin')
      .some(({ spec: { subject } }) =>
        subject.kind === 'user' ? subject.name === user : names.has(subject.name),
      )
  )
}
