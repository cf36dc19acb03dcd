import type { Kind } from '#src/api/kind.ts'
import { ACTIVITY_GROUP, GROUP, LABEL_PART_OF } from '#src/api/names.ts'
import type { ClusterRole, PolicyRule } from '#src/api/rbac/v1.ts'
import { KradleWorkspace } from '#src/api/workspaces/v1alpha1.ts'
import { READ } from './rbac.ts'

/**
 * What Kyverno's own chart does not let its controllers do: read Kradle's kinds, without which nothing of them is ever
 * reported, and delete what a template of the catalogue cleans up. By the label that its roles collect others by, so that
 * nothing has to be said of Kradle when Kyverno is installed.
 */
export function kyvernoRights(judged: readonly Kind[]): ClusterRole[] {
  const reads = [GROUP, ACTIVITY_GROUP].map(apiGroup => ({
    apiGroups: [apiGroup],
    resources: judged
      .filter(kind => kind.group === apiGroup)
      .map(kind => kind.plural)
      .toSorted(),
    verbs: READ,
  }))
  const { group, plural } = KradleWorkspace
  return [
    role('reports-controller', reads),
    role('cleanup-controller', [
      { apiGroups: [group], resources: [plural], verbs: [...READ, 'delete'] },
    ]),
  ]
}

const role = (controller: string, rules: PolicyRule[]): ClusterRole => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: {
    name: `kradle-kyverno-${controller}`,
    labels: {
      [LABEL_PART_OF]: 'kradle',
      [`rbac.kyverno.io/aggregate-to-${controller}`]: 'true',
    },
  },
  rules,
})
