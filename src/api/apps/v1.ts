import type { Kind } from '../kind.ts'
import type { KubernetesObject } from '../object.ts'

export interface Deployment extends KubernetesObject {
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
}

export const Deployment: Kind<Deployment> = Object.freeze({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
})

export interface StatefulSet extends KubernetesObject {
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
}

export const StatefulSet: Kind<StatefulSet> = Object.freeze({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  namespaced: true,
})

export interface DaemonSet extends KubernetesObject {
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
}

export const DaemonSet: Kind<DaemonSet> = Object.freeze({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  namespaced: true,
})

export interface ReplicaSet extends KubernetesObject {
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
}

export const ReplicaSet: Kind<ReplicaSet> = Object.freeze({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  namespaced: true,
})
