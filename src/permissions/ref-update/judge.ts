import type { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { Repository } from '#src/api/data-plane/v1alpha1.ts'
import type { RefUpdateReview } from '#src/api/reviews/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { protectionReasons, protectionsOf } from './branch-protection.ts'
import { policiesOf, policyReasons } from './ref-policy.ts'
import { isRepositoryAdmin } from './repository-admin.ts'
import type { RefUpdate } from './update.ts'

/** May somebody move these refs? */
export interface Question {
  readonly namespace: string
  readonly repository: string
  /** The User who moves them; undefined where it is nobody who is known as one. */
  readonly user: string | undefined
  readonly updates: readonly RefUpdate[]
  /** Those that the updates name, by name. */
  readonly pullRequests: ReadonlyMap<string, PullRequest>
}

type Status = NonNullable<RefUpdateReview['status']>
type Result = Status['results'][number]

/**
 * Judges updates of refs: first the RefPolicies, which bind everybody, then the BranchProtections, which an admin of the
 * repository passes unless they bind admins too (R71, R73). Everything that is wrong is said at once. What is not stated about
 * an update is the worst that it can be, and a repository that does not exist takes nothing.
 */
export function judgeRefUpdates(question: Question, cluster: Cluster): Status {
  const { namespace, repository: name, user, updates } = question
  const repository = cluster.get(Repository, name, namespace)
  const isAdmin = isRepositoryAdmin(user, name, namespace, cluster)
  const results = updates.map(update =>
    repository
      ? resultOf(update, repository, isAdmin, question, cluster)
      : noRepository(name, update),
  )
  return { allowed: results.every(({ allowed }) => allowed), results }
}

function resultOf(
  update: RefUpdate,
  repository: Repository,
  isAdmin: boolean,
  { pullRequests }: Question,
  cluster: Cluster,
): Result {
  const { name, namespace } = repository.metadata
  const pullRequest = pullRequests.get(update.pullRequest ?? '')
  const protections = protectionsOf(update.ref, name, namespace, cluster).map(protection => ({
    protection,
    reasons: protectionReasons(protection, update, name, pullRequest),
    isPassed: isAdmin && !protection.spec.enforceAdmins,
  }))
  const reasons = [
    ...policiesOf(repository, cluster).flatMap(policy =>
      policyReasons(policy, update, name, pullRequest),
    ),
    ...protections.flatMap(({ reasons: said, isPassed }) => (isPassed ? [] : said)),
  ]
  const passed = protections
    .filter(({ reasons: said, isPassed }) => isPassed && said.length > 0)
    .map(({ protection }) => protection.metadata.name)
  return {
    ref: update.ref,
    allowed: reasons.length === 0,
    ...(reasons.length > 0 && { reasons }),
    ...(passed.length > 0 && { passedAsAdmin: passed }),
  }
}

const noRepository = (name: string, { ref }: RefUpdate): Result => ({
  ref,
  allowed: false,
  reasons: [
    {
      policy: { kind: 'Repository', name },
      rule: 'R71',
      field: 'metadata.name',
      message: `Repository "${name}" does not exist, so it is not known what holds for it: create it, or name another one`,
    },
  ],
})
