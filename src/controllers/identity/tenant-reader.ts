import type { Organization } from '#src/api/identity/v1alpha1.ts'
import { LABEL_ORG, LABEL_OWNER_UID, orgNamespace, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { RoleBinding } from '#src/api/rbac/v1.ts'
import { isFor } from '#src/lib/projection.ts'

const RBAC = 'rbac.authorization.k8s.io'

/** The ClusterRole to get what grants speak of, and the binding to it in every organisation's namespace. */
export const TENANT_READER = 'kradle-tenant-reader'

const readers = ['webhook', 'grants-controller']

/**
 * Lets those who judge grants get Secrets in the organisation's namespace, and in no other:
 * a role for the whole cluster would give them those of everybody else as well.
 */
export const tenantReaderFor = ({ metadata }: Organization): RoleBinding => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'RoleBinding',
  metadata: {
    name: TENANT_READER,
    namespace: orgNamespace(metadata.name),
    labels: { [LABEL_ORG]: metadata.name, [LABEL_OWNER_UID]: String(metadata.uid) },
  },
  roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: TENANT_READER },
  subjects: readers.map(name => ({
    kind: 'ServiceAccount',
    name,
    namespace: PLATFORM_NAMESPACE,
  })),
})

/** How the binding that is there relates to the one that should be: 'replaced' where only making it anew helps. */
export function standingOf(
  live: RoleBinding | undefined,
  organization: Organization,
): 'missing' | 'foreign' | 'replaced' | 'ours' {
  if (!live) return 'missing'
  if (!isFor(organization, live)) return 'foreign'
  const { kind, name } = live.roleRef
  return kind === 'ClusterRole' && name === TENANT_READER ? 'ours' : 'replaced'
}
