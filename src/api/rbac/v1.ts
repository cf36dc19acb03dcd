import type { Kind } from '../kind.ts'
import type { KubernetesObject } from '../object.ts'

/** What a role permits; `['*']` in any part stands for everything. */
export interface PolicyRule {
  verbs: string[]
  apiGroups?: string[]
  resources?: string[]
  resourceNames?: string[]
  nonResourceURLs?: string[]
}

/** Who is bound; `namespace` for a ServiceAccount alone, `apiGroup` for the others. */
export interface Subject {
  kind: 'User' | 'Group' | 'ServiceAccount'
  name: string
  apiGroup?: string
  namespace?: string
}

/** Never changes in the life of a binding. */
export interface RoleRef {
  apiGroup: string
  kind: 'ClusterRole' | 'Role'
  name: string
}

export interface Role extends KubernetesObject {
  rules?: PolicyRule[]
}

export const Role: Kind<Role> = Object.freeze({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  namespaced: true,
})

export interface ClusterRole extends KubernetesObject {
  rules?: PolicyRule[]
  aggregationRule?: { clusterRoleSelectors?: Record<string, unknown>[] }
}

export const ClusterRole: Kind<ClusterRole> = Object.freeze({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
})

export interface RoleBinding extends KubernetesObject {
  subjects?: Subject[]
  roleRef: RoleRef
}

export const RoleBinding: Kind<RoleBinding> = Object.freeze({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
})
