import {
  PolicyBinding,
  PolicyExceptionRequest,
  PolicyProfile,
  PolicyTemplate,
} from '#src/api/policy/v1alpha1.ts'
import { objectOf } from '#test/fixtures.ts'

export const namespace = 'kradle-org-acme'

/** Rules that match pull requests. */
export const pullRequests = {
  resourceRules: [
    {
      apiGroups: ['activity.kradle.a5c.ai'],
      apiVersions: ['v1alpha1'],
      operations: ['CREATE', 'UPDATE'],
      resources: ['pullrequests'],
    },
  ],
}

type Spec = PolicyTemplate['spec']

/** A template of Acme's for titles of pull requests; `spec` is what its body has besides matchConstraints. */
export const template = (
  body: Record<string, unknown> = {},
  spec: Partial<Spec> = {},
  type: Spec['kyverno']['type'] = 'Validating',
  home = namespace,
): PolicyTemplate =>
  objectOf(PolicyTemplate, {
    metadata: { name: 'titles', namespace: home },
    spec: {
      displayName: 'Titles say something',
      severity: 'low',
      targetKinds: ['PullRequest'],
      rolloutDefaults: { mode: 'audit' },
      kyverno: {
        type,
        spec: {
          matchConstraints: pullRequests,
          ...(type === 'Validating' && { validations: [{ expression: 'has(object.spec)' }] }),
          ...body,
        },
      },
      ...spec,
    },
  })

export const platformTemplate = (
  body: Record<string, unknown>,
  spec: Partial<Spec> = {},
  type: Spec['kyverno']['type'] = 'Validating',
): PolicyTemplate => template(body, spec, type, 'kradle-system')

export const binding = (spec: Partial<PolicyBinding['spec']> = {}, name = 'core'): PolicyBinding =>
  objectOf(PolicyBinding, {
    metadata: {
      name,
      namespace,
      uid: 'uid-of-core',
      creationTimestamp: '2026-11-20T12:00:00Z',
    },
    spec: {
      organizationRef: 'acme',
      templateRef: 'titles',
      mode: 'enforce',
      suspend: false,
      ...spec,
    },
  })

export const profile = (spec: Partial<PolicyProfile['spec']> = {}): PolicyProfile =>
  objectOf(PolicyProfile, {
    metadata: { name: 'standard', namespace },
    spec: {
      organizationRef: 'acme',
      displayName: 'Standard',
      mode: 'mixed',
      rolloutMode: 'auditFirst',
      auditDays: 14,
      failurePolicy: 'failClosed',
      exceptions: { allowed: true, maxDurationDays: 30, requireRiskAcceptance: true },
      ...spec,
    },
  })

export const exceptionRequest = (
  spec: Partial<PolicyExceptionRequest['spec']> = {},
  name = 'importer',
): PolicyExceptionRequest =>
  objectOf(PolicyExceptionRequest, {
    metadata: { name, namespace },
    spec: {
      organizationRef: 'acme',
      policyRef: 'core',
      justification: 'The importer writes these titles.',
      expiresAt: '2026-12-01T00:00:00.500+01:00',
      resources: [{ kind: 'PullRequest', name: 'pr-1' }],
      ...spec,
    },
  })
