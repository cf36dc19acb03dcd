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

export interface ResourceQuota extends KubernetesObject {
  spec?: { hard?: Record<string, string> }
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
