import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { BranchProtection } from '#src/api/control-plane/v1alpha1.ts'
import { RefPolicy, Repository, RepositoryPermission } from '#src/api/data-plane/v1alpha1.ts'
import {
  AgentConfigGrant,
  AgentRoleBinding,
  AgentSecretGrant,
  AgentServiceAccount,
  IdentityMapping,
  Team,
  User,
} from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'

/** What reviews are answered from: to be watched, whole. */
export const REVIEW_WATCHES: readonly Kind[] = Object.freeze([
  AgentConfigGrant,
  AgentRoleBinding,
  AgentSecretGrant,
  AgentServiceAccount,
  AgentStack,
  BranchProtection,
  IdentityMapping,
  RefPolicy,
  Repository,
  RepositoryPermission,
  Team,
  User,
])

/** What they read live where the watch does not know it yet. */
export const REVIEW_READS: readonly Kind[] = Object.freeze([AgentStack, Repository])
