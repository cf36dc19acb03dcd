import type { UnknownObject } from '../object.ts'

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'

/** admission.k8s.io/v1 AdmissionRequest, as kube-apiserver sends it. */
export interface AdmissionRequest {
  uid: string
  kind: { group: string; version: string; kind: string }
  resource: { group: string; version: string; resource: string }
  subResource?: string
  name?: string
  namespace?: string
  operation: Operation
  userInfo: UserInfo
  object?: UnknownObject | null
  oldObject?: UnknownObject | null
  dryRun?: boolean
  options?: Record<string, unknown> | null
}

/** Who asks. It comes from the API server's authentication, never from the object. */
export interface UserInfo {
  username?: string
  uid?: string
  groups?: string[]
  extra?: Record<string, string[]>
}

export interface AdmissionResponse {
  uid: string
  allowed: boolean
  status?: {
    code: number
    reason: string
    message: string
    details?: { causes: { reason: string; field: string; message: string }[] }
  }
  /** base64 of an RFC 6902 patch. */
  patch?: string
  patchType?: 'JSONPatch'
  warnings?: string[]
  auditAnnotations?: Record<string, string>
}

export interface AdmissionReview {
  apiVersion: 'admission.k8s.io/v1'
  kind: 'AdmissionReview'
  request?: AdmissionRequest
  response?: AdmissionResponse
}
