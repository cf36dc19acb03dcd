import type { Kind } from './kind.ts'
import type { KubernetesObject } from './object.ts'

/** Names an object without holding it. */
export interface ObjectReference {
  apiVersion?: string
  kind?: string
  namespace?: string
  name?: string
  uid?: string
}

/** What came of one object and one rule of a policy. */
export interface PolicyReportResult {
  /** `namespace/name` of a policy that has a namespace. */
  policy: string
  rule?: string
  /** KyvernoValidatingPolicy and so on for those of Kyverno's, kradle for ours. */
  source?: string
  category?: string
  severity?: 'critical' | 'high' | 'medium' | 'low' | 'info'
  result?: 'pass' | 'fail' | 'warn' | 'error' | 'skip'
  scored?: boolean
  message?: string
  /** Since 1970. */
  timestamp?: { seconds: number; nanos: number }
  resources?: readonly ObjectReference[]
  properties?: Record<string, string>
}

export interface PolicyReportSummary {
  pass?: number
  fail?: number
  warn?: number
  error?: number
  skip?: number
}

/** Results of a namespace. Kyverno writes one report for each object, which is its scope. */
export interface PolicyReport extends KubernetesObject {
  /** What all results are about that name nothing themselves. */
  scope?: ObjectReference
  summary?: PolicyReportSummary
  results?: readonly PolicyReportResult[]
}

export const PolicyReport: Kind<PolicyReport> = Object.freeze({
  group: 'wgpolicyk8s.io',
  version: 'v1alpha2',
  kind: 'PolicyReport',
  plural: 'policyreports',
  namespaced: true,
})

/** The successor of PolicyReport, and the same but that it says for all of its results who made them. */
export interface Report extends PolicyReport {
  source?: string
}

export const Report: Kind<Report> = Object.freeze({
  group: 'openreports.io',
  version: 'v1alpha1',
  kind: 'Report',
  plural: 'reports',
  namespaced: true,
})
