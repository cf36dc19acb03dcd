import {
  RefPolicy,
  Repository,
  RepositoryPermission,
  SSHKey,
} from '#src/api/data-plane/v1alpha1.ts'
import { BranchProtection } from '#src/api/control-plane/v1alpha1.ts'
import { configured } from '#src/lib/configured.ts'
import type { Deployment } from '#src/lib/controller.ts'

/** Repositories: who may what in them, and how their branches are protected. */
export const repository: Deployment = {
  name: 'repository-controller',
  controllers: [BranchProtection, RefPolicy, Repository, RepositoryPermission, SSHKey].map(kind =>
    configured(kind),
  ),
}
