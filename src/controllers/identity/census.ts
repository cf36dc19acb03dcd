import type { ResourceQuota } from '#src/api/core/v1.ts'
import { LABEL_PART_OF } from '#src/api/names.ts'

/** The name of the quota by which the content of a namespace is counted. */
export const CENSUS_NAME = 'kradle-census'

/** Rights, secrets, what runs, and everything that makes Pods of a template nobody judged. */
const counted = [
  ['count/rolebindings.rbac.authorization.k8s.io', 'RoleBinding'],
  ['count/pods', 'Pod'],
  ['count/secrets', 'Secret'],
  ['count/roles.rbac.authorization.k8s.io', 'Role'],
  ['count/persistentvolumeclaims', 'PersistentVolumeClaim'],
  ['count/podtemplates', 'PodTemplate'],
  ['count/replicationcontrollers', 'ReplicationController'],
  ['count/cronjobs.batch', 'CronJob'],
  ['count/jobs.batch', 'Job'],
  ['count/controllerrevisions.apps', 'ControllerRevision'],
  ['count/daemonsets.apps', 'DaemonSet'],
  ['count/deployments.apps', 'Deployment'],
  ['count/replicasets.apps', 'ReplicaSet'],
  ['count/statefulsets.apps', 'StatefulSet'],
] as const

/**
 * Counts a namespace without the right to read it: a ResourceQuota that limits
 * nothing, whose `status.used` kube-controller-manager fills in. Listing Secrets
 * would need a permission on all their values in every namespace.
 */
export const census = (namespace: string): ResourceQuota => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: CENSUS_NAME, namespace, labels: { [LABEL_PART_OF]: 'kradle' } },
  spec: { hard: Object.fromEntries(counted.map(([resource]) => [resource, '1000000'])) },
})

/** What was counted; undefined while the count is not complete. */
export function censusOf(
  quota: ResourceQuota | undefined,
): { readonly total: number; readonly text: string } | undefined {
  const used = quota?.status?.used
  if (!used) return undefined
  const counts = counted.map(([resource, kind]) => ({ kind, count: Number(used[resource]) }))
  if (counts.some(({ count }) => Number.isNaN(count))) return undefined
  return {
    total: counts.reduce((sum, { count }) => sum + count, 0),
    text: counts
      .filter(({ count }) => count > 0)
      .map(({ kind, count }) => `${count} ${kind}${count === 1 ? '' : 's'}`)
      .join(', '),
  }
}
