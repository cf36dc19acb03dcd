/** The parts of metadata that Kradle reads or writes. Unknown fields are carried along untouched. */
export interface ObjectMeta {
  name: string
  generateName?: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  finalizers?: string[]
  ownerReferences?: OwnerReference[]
  managedFields?: unknown[]
}

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

/** Any object of the Kubernetes API. */
export interface KubernetesObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
}

/** An object of which only the metadata is known to the types. */
export interface UnknownObject extends KubernetesObject {
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
  [field: string]: unknown
}

/** One aspect of an object's state (R17). */
export interface Condition {
  type: string
  status: 'True' | 'False'
  reason: string
  message: string
  observedGeneration?: number
  /** RFC 3339; moves only when `status` does. */
  lastTransitionTime: string
}

/** What every Kradle kind reports. */
export interface Status {
  phase?: string
  storage?: 'etcd' | 'postgres'
  observedGeneration?: number
  conditions?: Condition[]
}
