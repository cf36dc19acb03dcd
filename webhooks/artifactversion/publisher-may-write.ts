import { ArtifactVersion } from '#src/api/activity/v1alpha1.ts'
import { ArtifactAccessPolicy, ArtifactFeed } from '#src/api/artifacts/v1alpha1.ts'
import { IdentityMapping, Team } from '#src/api/identity/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { isOwn, userOf } from '#webhooks/person.ts'
import { allow, deny, rule, type AccessReview, type Request } from '#webhooks/rule.ts'

/**
 * Who publishes in a feed has permission write or admin on it, by the feed or by an ArtifactAccessPolicy that has not
 * expired; or may change the feed, and so give it to himself.
 *
 * The right to create versions is for all feeds of the organisation; which of them takes whose packages is for
 * the feed to say. People are known by their IdentityMapping, and by the Teams they are in.
 */
export default rule({
  kinds: [ArtifactVersion],
  operations: ['CREATE'],
  enforces: ['R213'],
  watches: [ArtifactAccessPolicy, ArtifactFeed, IdentityMapping, Team],
  live: [ArtifactFeed],
  lookups: ({ object, namespace }) => {
    const name = textOf(object.spec['feedRef'])
    return name === '' ? [] : [{ kind: ArtifactFeed, name, namespace, fresh: 'on-miss' }]
  },
  reviews: (request, cluster) => {
    const feed = closedFeed(request, cluster)
    return feed ? [changing(feed)] : []
  },
  decide(request, cluster, access) {
    const feed = closedFeed(request, cluster)
    if (!feed || access.allowed(changing(feed))) return allow
    return deny({
      rule: 'R213',
      field: 'spec.feedRef',
      value: feed.metadata.name,
      problem: `is a feed that "${request.user.username}" may not publish in`,
      fix: 'have somebody give you permission write by an ArtifactAccessPolicy',
    })
  },
})

/** The feed, where no policy lets the requester publish in it. */
function closedFeed(
  { object, namespace, user: { username = '' } }: Request,
  cluster: Cluster,
): ArtifactFeed | undefined {
  if (isOwn(username, 'artifact-controller')) return undefined
  const name = textOf(object.spec['feedRef'])
  const feed = name ? cluster.get(ArtifactFeed, name, namespace) : undefined
  if (!feed) return undefined
  const subjects = subjectsOf(username, namespace, cluster)
  const isPermitted = permissionsOf(feed, cluster).some(
    ({ subject, subjectKind, permission, expiresAt }) =>
      permission !== 'read' &&
      subjects.has(`${subjectKind}/${subject}`) &&
      (expiresAt === undefined || new Date(expiresAt) > cluster.now),
  )
  return isPermitted ? undefined : feed
}

const changing = ({ metadata: { name, namespace = '' } }: ArtifactFeed): AccessReview => ({
  verb: 'update',
  group: ArtifactFeed.group,
  resource: ArtifactFeed.plural,
  namespace,
  name,
})

type Permission = NonNullable<ArtifactFeed['spec']['accessPolicies']>[number]

const permissionsOf = (
  { metadata: { name, namespace }, spec }: ArtifactFeed,
  cluster: Cluster,
): readonly Permission[] => [
  ...(spec.accessPolicies ?? []),
  ...cluster
    .list(ArtifactAccessPolicy, namespace)
    .filter(policy => policy.spec.feedRef === name && !policy.metadata.deletionTimestamp)
    .map(policy => policy.spec),
]

/** What policies may call somebody: the User he is, the Teams of that User, or the account of a program in the same namespace. */
function subjectsOf(username: string, namespace: string, cluster: Cluster): ReadonlySet<string> {
  const account = `system:serviceaccount:${namespace}:`
  if (username.startsWith(account))
    return new Set([`service-account/${username.slice(account.length)}`])
  const user = userOf(username, namespace, cluster)
  if (user === undefined) return new Set()
  const teams = cluster
    .list(Team, namespace)
    .filter(({ spec }) => spec.members?.includes(user) || spec.maintainers?.includes(user))
  return new Set([`user/${user}`, ...teams.map(({ metadata }) => `team/${metadata.name}`)])
}
