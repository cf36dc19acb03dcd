import type { UserInfo } from '#src/api/admission/v1.ts'
import { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { Repository } from '#src/api/data-plane/v1alpha1.ts'
import type { RefUpdateReview } from '#src/api/reviews/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { judgeRefUpdates } from '#src/permissions/ref-update/judge.ts'
import { userOf } from '#webhooks/person.ts'
import type { Asked, Review, ReviewSources } from './review.ts'

type Spec = RefUpdateReview['spec']

/** May this actor move these refs? Asking about somebody else takes the verb `review`, for the repository as name. */
export const refUpdateReview =
  ({ authorizer, view, readOwn }: ReviewSources): Review =>
  async asked => {
    const { namespace, user, signal, resource } = asked
    const { repository, actor, updates } = asked.spec as unknown as Spec
    const cluster = await view(
      [{ kind: Repository, name: repository, namespace, fresh: 'on-miss' }],
      signal,
    )
    if (!isHimself(actor, user, namespace, cluster))
      await authorizer.authorize(user, {
        verb: 'review',
        group: resource.kind.group,
        version: resource.kind.version,
        resource: resource.kind.plural,
        subresource: '',
        namespace,
        name: repository,
        labelSelector: '',
        fieldSelector: '',
      })
    const pullRequests = await Promise.all(
      namedBy(updates).map(name => readOwn(PullRequest, name, namespace, signal)),
    )
    return judgeRefUpdates(
      {
        namespace,
        repository,
        updates,
        user: actor?.user ?? userOf(usernameOf(actor, user), namespace, cluster),
        pullRequests: new Map(
          pullRequests.flatMap(each => (each ? [[each.metadata.name, each] as const] : [])),
        ),
      },
      cluster,
    )
  }

const usernameOf = (actor: Spec['actor'], { username = '' }: UserInfo): string =>
  actor?.username ?? username

/** Whoever calls himself by another of his names asks for himself all the same. */
function isHimself(
  actor: Spec['actor'],
  { username = '' }: Asked['user'],
  namespace: string,
  cluster: Cluster,
): boolean {
  if (actor === undefined || actor.username === username) return true
  const user = userOf(username, namespace, cluster)
  const named = actor.user ?? userOf(actor.username!, namespace, cluster)
  return user !== undefined && user === named
}

const namedBy = (updates: Spec['updates']): readonly string[] => [
  ...new Set(updates.flatMap(({ pullRequest }) => pullRequest ?? [])),
]
