import type {
  PolicyBinding,
  PolicyExceptionRequest,
  PolicyTemplate,
} from '#src/api/policy/v1alpha1.ts'
import type { PolicyReportResult, Report } from '#src/api/policy-reports.ts'
import type { Line } from '#src/report/line.ts'

const NAMESPACE = 'kradle-org-acme'
const KRADLE = 'kradle.a5c.ai/v1alpha1'

/** Titles of pull requests are to have ten characters. */
export const titleTemplate = (spec: Partial<PolicyTemplate['spec']> = {}): PolicyTemplate => ({
  apiVersion: KRADLE,
  kind: 'PolicyTemplate',
  metadata: { name: 'titles', namespace: 'kradle-system' },
  spec: {
    displayName: 'Titles',
    severity: 'medium',
    targetKinds: ['PullRequest'],
    kyverno: {
      type: 'Validating',
      spec: {
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: ['activity.kradle.a5c.ai'],
              apiVersions: ['v1alpha1'],
              operations: ['CREATE', 'UPDATE'],
              resources: ['pullrequests'],
            },
          ],
        },
        validations: [{ expression: 'size(object.spec.title) >= 10', message: 'too short' }],
      },
    },
    rolloutDefaults: { mode: 'audit' },
    remediation: 'Write a longer title.',
    ...spec,
  },
})

export const titleBinding = (spec: Partial<PolicyBinding['spec']> = {}): PolicyBinding => ({
  apiVersion: KRADLE,
  kind: 'PolicyBinding',
  metadata: { name: 'titles', namespace: NAMESPACE, uid: 'uid-of-titles' },
  spec: {
    organizationRef: 'acme',
    templateRef: 'titles',
    mode: 'enforce',
    suspend: false,
    ...spec,
  },
})

/** An exception for pull request short, approved five minutes before noon, until one. */
export const exemption = (
  spec: Partial<PolicyExceptionRequest['spec']> = {},
  status: PolicyExceptionRequest['status'] = { decidedAt: '2026-11-21T11:55:00Z' },
): PolicyExceptionRequest => ({
  apiVersion: KRADLE,
  kind: 'PolicyExceptionRequest',
  metadata: { name: 'for-short', namespace: NAMESPACE },
  spec: {
    organizationRef: 'acme',
    policyRef: 'titles',
    justification: 'it is short',
    expiresAt: '2026-11-21T13:00:00Z',
    resources: [{ kind: 'PullRequest', name: 'short' }],
    requestedBy: 'jane',
    decision: 'Approved',
    decidedBy: 'ada',
    ...spec,
  },
  ...(status && { status }),
})

/** Found by Kyverno at the given time. */
export const found = (
  at = '2026-11-21T11:50:00Z',
  rest: Partial<PolicyReportResult> = {},
): PolicyReportResult => ({
  source: 'KyvernoValidatingPolicy',
  policy: 'kradle-org-acme/kradle-acme-titles',
  result: 'fail',
  severity: 'medium',
  message: 'too short',
  timestamp: { seconds: Date.parse(at) / 1000, nanos: 0 },
  ...rest,
})

/** As Kyverno writes it: of one object. */
export const kyvernoReport = (...results: PolicyReportResult[]): Report => ({
  apiVersion: 'wgpolicyk8s.io/v1alpha2',
  kind: 'PolicyReport',
  metadata: { name: 'uid-of-short', namespace: NAMESPACE },
  scope: {
    apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
    kind: 'PullRequest',
    namespace: NAMESPACE,
    name: 'short',
    uid: 'uid-of-short',
  },
  summary: { pass: 0, fail: 1, warn: 0, error: 0, skip: 0 },
  results,
})

export const line = (rest: Partial<Line> = {}): Line => ({
  result: 'fail',
  object: {
    apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
    kind: 'PullRequest',
    namespace: NAMESPACE,
    name: 'short',
  },
  policy: 'kradle-acme-titles',
  rule: '',
  severity: 'medium',
  message: 'too short',
  source: 'KyvernoValidatingPolicy',
  at: '2026-11-21T11:50:00Z',
  ...rest,
})
