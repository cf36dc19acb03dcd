import type { Kind } from '../kind.ts'
import type { KubernetesObject } from '../object.ts'

/** A group and version that another server serves. Its name is `<version>.<group>`. */
export interface APIService extends KubernetesObject {
  spec: {
    group: string
    version: string
    /** base64 of PEM. */
    caBundle?: string
    groupPriorityMinimum: number
    versionPriority: number
    service?: { namespace: string; name: string; port?: number }
    insecureSkipTLSVerify?: boolean
  }
  status?: {
    conditions?: { type: string; status: string; reason?: string; message?: string }[]
  }
}

export const APIService: Kind<APIService> = Object.freeze({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  namespaced: false,
})
