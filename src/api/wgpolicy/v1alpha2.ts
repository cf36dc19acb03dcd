import type { Kind } from '../kind.ts'
import type { KubernetesObject } from '../object.ts'

/** An object as a report names it. */
export interface ObjectReference {
  apiVersion?: string
  kind?: string
  namespace?: string
  name?: string
  uid?: string
}

/** What a policy found of one object. */
export interface PolicyReportResult {
  /** KyvernoValidatingPolicy and so on for those of Kyverno's, kradle for ours. */
  source?: string
  /** `namespace/name` of a policy that has a namespace. */
  policy: string
  rule?: string
  result?: 'pass' | 'fail' | 'warn' | 'error' | 'skip'
  message?: string
  category?: string
  severity?: 'info' | 'low' | 'medium' | 'high' | 'critical'
  scored?: boolean
  timestamp?: { seconds: number; nanos: number }
  resources?: ObjectReference[]
  properties?: Record<string, string>
}

/** Results of a namespace. Kyverno writes one report for each object, which is its scope. */
export interface PolicyReport extends KubernetesObject {
  scope?: ObjectReference
  summary?: { pass?: number; fail?: number; warn?: number; error?: number; skip?: number }
  results?: PolicyReportResult[]
}

export const PolicyReport: Kind<PolicyReport> = Object.freeze({
  group: 'wgpolicyk8s.io',
  version: 'v1alpha2',
  kind: 'PolicyReport',
  plural: 'policyreports',
  namespaced: true,
})
