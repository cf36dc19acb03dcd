import type { Kind } from '../kind.ts'
import type { KubernetesObject } from '../object.ts'

export interface Namespace extends KubernetesObject {
  status?: {
    phase?: 'Active' | 'Terminating'
    conditions?: { type: string; status: string; message?: string }[]
  }
}

export const Namespace: Kind<Namespace> = Object.freeze({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
})

export interface Secret extends KubernetesObject {
  type?: string
  /** base64 by key. */
  data?: Record<string, string>
}

export const Secret: Kind<Secret> = Object.freeze({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
})

export interface Service extends KubernetesObject {
  spec?: Record<string, unknown>
}

export const Service: Kind<Service> = Object.freeze({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  namespaced: true,
})

export interface ResourceQuota extends KubernetesObject {
  spec?: {
    hard?: Record<string, string>
    scopes?: string[]
    scopeSelector?: { matchExpressions?: unknown[] }
  }
  status?: { hard?: Record<string, string>; used?: Record<string, string> }
}

export const ResourceQuota: Kind<ResourceQuota> = Object.freeze({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  namespaced: true,
})

export interface Event extends KubernetesObject {
  involvedObject: {
    apiVersion: string
    kind: string
    name: string
    namespace?: string
    uid?: string
    resourceVersion?: string
  }
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  action: string
  reportingComponent: string
  reportingInstance: string
  eventTime?: string
  firstTimestamp?: string
  lastTimestamp?: string
  count?: number
  source?: { component: string }
}

export const Event: Kind<Event> = Object.freeze({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
})

export interface ConfigMap extends KubernetesObject {
  data?: Record<string, string>
  /** base64 by key. */
  binaryData?: Record<string, string>
}

export const ConfigMap: Kind<ConfigMap> = Object.freeze({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
})

export interface ServiceAccount extends KubernetesObject {
  automountServiceAccountToken?: boolean
  imagePullSecrets?: { name?: string }[]
  secrets?: { name?: string }[]
}

export const ServiceAccount: Kind<ServiceAccount> = Object.freeze({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
})

/** Read as JSON that nobody has checked: src/permissions says what stands in a Pod's spec. */
export interface Pod extends KubernetesObject {
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
}

export const Pod: Kind<Pod> = Object.freeze({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
})

export interface PodTemplate extends KubernetesObject {
  template?: Record<string, unknown>
}

export const PodTemplate: Kind<PodTemplate> = Object.freeze({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  namespaced: true,
})

export interface ReplicationController extends KubernetesObject {
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
}

export const ReplicationController: Kind<ReplicationController> = Object.freeze({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  namespaced: true,
})

export interface PersistentVolumeClaim extends KubernetesObject {
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
}

export const PersistentVolumeClaim: Kind<PersistentVolumeClaim> = Object.freeze({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  namespaced: true,
})
