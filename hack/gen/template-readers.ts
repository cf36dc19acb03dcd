import { GROUP, LABEL_PART_OF, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'

const RBAC = 'rbac.authorization.k8s.io'
const NAME = 'kradle-template-reader'

/**
 * Lets everybody who is somebody read the platform's policy templates: they are for every organisation, and whoever binds one,
 * or is refused by it, wants to know what it says.
 */
export function templateReaders(): KubernetesObject[] {
  const metadata = {
    name: NAME,
    namespace: PLATFORM_NAMESPACE,
    labels: { [LABEL_PART_OF]: 'kradle' },
  }
  const role = {
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata,
    rules: [
      { apiGroups: [GROUP], resources: ['policytemplates'], verbs: ['get', 'list', 'watch'] },
    ],
  }
  const binding = {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: RBAC, kind: 'Role', name: NAME },
    subjects: [{ apiGroup: RBAC, kind: 'Group', name: 'system:authenticated' }],
  }
  return [role, binding]
}
