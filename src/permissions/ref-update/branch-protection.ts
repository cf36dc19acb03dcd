import type { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { BranchProtection } from '#src/api/control-plane/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { matchesRef } from '../ref-pattern.ts'
import { mapOf } from '../untyped.ts'
import { lacksOf, notItsMerge } from './merge-gate.ts'
import { fullRef, operationOf, rewritesHistory, type Reason, type RefUpdate } from './update.ts'

/** The protections of a ref: of all repositories, and of this one. One that is being deleted holds until it is gone. */
export function protectionsOf(
  ref: string,
  repository: string,
  namespace: string | undefined,
  cluster: Cluster,
): readonly BranchProtection[] {
  return cluster
    .list(BranchProtection, namespace)
    .filter(({ spec }) => spec.repository === undefined || spec.repository === repository)
    .filter(({ spec }) => spec.refs.some(pattern => matchesRef(fullRef(pattern), fullRef(ref))))
}

/**
 * Everything that a protection has against an update by somebody whom it binds: it comes by a pull request, rewrites
 * nothing and deletes nothing (R73, R74, R76). Whether it may be deleted, allowDeletion alone says.
 */
export function protectionReasons(
  protection: BranchProtection,
  update: RefUpdate,
  repository: string,
  pullRequest: PullRequest | undefined,
): readonly Reason[] {
  const { metadata, spec } = protection
  const ref = fullRef(update.ref)
  const says = (rule: string, field: string, message: string): Reason => ({
    policy: { kind: 'BranchProtection', name: metadata.name },
    rule,
    field: `spec.${field}`,
    message: `BranchProtection "${metadata.name}" ${message}`,
  })
  if (operationOf(update) === 'delete')
    return spec.allowDeletion
      ? []
      : [
          says(
            'R73',
            'allowDeletion',
            `keeps ${ref} from being deleted: leave it, or ask an admin of the repository${unlessBound(spec)}`,
          ),
        ]
  return [
    ...(spec.requirePullRequest
      ? mergeReasons(protection, update, repository, pullRequest, says)
      : []),
    ...(rewritesHistory(update) && !spec.allowForcePush
      ? [
          says(
            'R73',
            'allowForcePush',
            `keeps the history of ${ref}: put your commits on top of what is there and push again without force`,
          ),
        ]
      : []),
  ]
}

/** Who is told to ask an admin has to know where an admin can do nothing either. */
const unlessBound = ({ enforceAdmins }: BranchProtection['spec']): string =>
  enforceAdmins ? ' to change the protection, which binds admins too' : ''

function mergeReasons(
  protection: BranchProtection,
  update: RefUpdate,
  repository: string,
  pullRequest: PullRequest | undefined,
  says: (rule: string, field: string, message: string) => Reason,
): readonly Reason[] {
  const ref = fullRef(update.ref)
  const { pullRequest: name } = update
  if (name === undefined)
    return [
      says(
        'R74',
        'requirePullRequest',
        `lets ${ref} be changed by pull requests alone: push another branch and open one`,
      ),
    ]
  const wrong = notItsMerge(pullRequest, repository, update)
  if (wrong !== undefined)
    return [
      says(
        'R74',
        'requirePullRequest',
        `lets ${ref} be changed by pull requests alone, and PullRequest "${name}" ${wrong}`,
      ),
    ]
  return lacksOf(protection, mapOf(pullRequest!.status)).map(({ value, problem, fix }) =>
    says(
      'R76',
      typeof value === 'string' ? 'statusChecks' : 'requiredReviews',
      `does not let PullRequest "${name}" be merged, since ${JSON.stringify(value)} ${problem}: ${fix}`,
    ),
  )
}
