import type { PullRequest } from '#src/api/activity/v1alpha1.ts'
import type { BranchProtection } from '#src/api/control-plane/v1alpha1.ts'
import type { RefPolicy, Repository, RepositoryPermission } from '#src/api/data-plane/v1alpha1.ts'
import type { RefUpdate } from '#src/permissions/ref-update/update.ts'

const KRADLE = 'kradle.a5c.ai/v1alpha1'
export const namespace = 'kradle-org-acme'
export const NONE = '0'.repeat(40)
export const OLD = 'a'.repeat(40)
export const NEW = 'b'.repeat(40)

const meta = (name: string) => ({ name, namespace })

/** An update of main that nothing can be said against. */
export const update = (change: Partial<RefUpdate> = {}): RefUpdate => ({
  ref: 'refs/heads/main',
  oldCommit: OLD,
  newCommit: NEW,
  fastForward: true,
  signed: 'verified',
  mergeCommits: false,
  ...change,
})

/** The same with nothing stated about it. */
export const bare = (change: Partial<RefUpdate> = {}): RefUpdate => ({
  ref: 'refs/heads/main',
  oldCommit: OLD,
  newCommit: NEW,
  ...change,
})

export const repository = (name = 'app', spec: Partial<Repository['spec']> = {}): Repository => ({
  apiVersion: KRADLE,
  kind: 'Repository',
  metadata: meta(name),
  spec: {
    organizationRef: 'acme',
    visibility: 'private',
    defaultBranch: 'main',
    hosting: { backend: 'gitea' },
    search: { enabled: true, maxFileSizeKiB: 1 },
    ...spec,
  },
})

/** A policy for all repositories that asks nothing. */
export const refPolicy = (spec: Partial<RefPolicy['spec']> = {}, name = 'policy'): RefPolicy => ({
  apiVersion: KRADLE,
  kind: 'RefPolicy',
  metadata: meta(name),
  spec: { organizationRef: 'acme', ...spec },
})

/** A protection of main in all repositories, as strict as it comes. */
export const protection = (
  spec: Partial<BranchProtection['spec']> = {},
  name = 'protection',
): BranchProtection => ({
  apiVersion: KRADLE,
  kind: 'BranchProtection',
  metadata: meta(name),
  spec: {
    organizationRef: 'acme',
    refs: ['main'],
    requirePullRequest: true,
    requiredReviews: 1,
    dismissStaleReviews: true,
    allowForcePush: false,
    allowDeletion: false,
    enforceAdmins: false,
    ...spec,
  },
})

/** A pull request into main of app that is approved and to be merged. */
export const pullRequest = (
  spec: Partial<PullRequest['spec']> = {},
  status: PullRequest['status'] = {},
): PullRequest => ({
  apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
  kind: 'PullRequest',
  metadata: meta('change'),
  spec: {
    organizationRef: 'acme',
    repository: 'app',
    title: 'change',
    source: { ref: 'topic' },
    target: { ref: 'main' },
    draft: false,
    state: 'open',
    merge: { method: 'merge', deleteSource: false },
    ...spec,
  },
  status: { phase: 'Open', approvals: 1, head: { commit: NEW }, ...status },
})

/** Permission admin of User jane on app. */
export const permission = (
  spec: Partial<RepositoryPermission['spec']> = {},
): RepositoryPermission => ({
  apiVersion: KRADLE,
  kind: 'RepositoryPermission',
  metadata: meta('permission'),
  spec: {
    organizationRef: 'acme',
    repository: 'app',
    subject: { kind: 'user', name: 'jane' },
    permission: 'admin',
    ...spec,
  },
})
