import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import { Lease } from '#src/api/coordination/v1.ts'
import {
  namespacedPolicies,
  NamespacedValidatingPolicy,
  PolicyException,
  type KyvernoPolicy,
} from '#src/api/kyverno/v1.ts'
import { resourceOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject, ObjectMeta } from '#src/api/object.ts'
import {
  PolicyBinding,
  PolicyExceptionRequest,
  PolicyProfile,
  PolicyTemplate,
} from '#src/api/policy/v1alpha1.ts'
import { PolicyReport } from '#src/api/policy-reports.ts'
import { clusterOf, type Cluster } from '#src/lib/cluster.ts'
import type { Controller } from '#src/lib/controller.ts'
import { exceptionOf, withExceptions } from '#src/policy/exception.ts'
import { policyNameOf } from '#src/policy/names.ts'
import { render } from '#src/policy/render.ts'
import { now, objectOf } from './fixtures.ts'

/** The policies of organisation acme, as the API server shows them. */
export const NAMESPACE = 'kradle-org-acme'

export const at = (seconds: number): Date => new Date(now.getTime() + seconds * 1000)
export const time = (seconds: number): string => `${at(seconds).toISOString().slice(0, 19)}Z`

export const template = (spec: object = {}, metadata: Partial<ObjectMeta> = {}): PolicyTemplate =>
  objectOf(PolicyTemplate, {
    metadata: { name: 'team-names', namespace: NAMESPACE, ...metadata },
    spec: {
      displayName: 'Teams say what they are',
      severity: 'low',
      targetKinds: ['Team'],
      parameters: [{ name: 'minLength', type: 'integer', required: false, default: 8 }],
      rolloutDefaults: { mode: 'audit' },
      kyverno: {
        type: 'Validating',
        spec: {
          matchConstraints: {
            resourceRules: [
              {
                apiGroups: ['kradle.a5c.ai'],
                apiVersions: ['v1alpha1'],
                operations: ['CREATE', 'UPDATE'],
                resources: ['teams'],
              },
            ],
          },
          validations: [{ expression: 'size(object.spec.displayName) >= variables.minLength' }],
        },
      },
      ...spec,
    },
  } as never)

/** A template of another type than Validating, in kradle-system. */
export const mutatingTemplate = (metadata: Partial<ObjectMeta> = {}): PolicyTemplate => {
  const { spec, ...rest } = template({}, { namespace: 'kradle-system', ...metadata })
  const { matchConstraints } = spec.kyverno.spec
  const jsonPatch = {
    expression: '[JSONPatch{op: "add", path: "/metadata/labels/x", value: "y"}]',
  }
  const body = { matchConstraints, mutations: [{ patchType: 'JSONPatch', jsonPatch }] }
  return { ...rest, spec: { ...spec, kyverno: { type: 'Mutating', spec: body } } }
}

export const binding = (
  spec: object = {},
  metadata: Partial<ObjectMeta> = {},
  status: object = {},
): PolicyBinding =>
  objectOf(PolicyBinding, {
    metadata: {
      name: 'names',
      namespace: NAMESPACE,
      uid: 'uid-of-names',
      creationTimestamp: time(-3600),
      ...metadata,
    },
    spec: {
      organizationRef: 'acme',
      templateRef: 'team-names',
      mode: 'enforce',
      suspend: false,
      ...spec,
    },
    status,
  } as never)

export const profile = (spec: object = {}, exceptions: object = {}): PolicyProfile =>
  objectOf(PolicyProfile, {
    metadata: { name: 'standard', namespace: NAMESPACE, uid: 'uid-of-standard' },
    spec: {
      organizationRef: 'acme',
      displayName: 'Standard',
      mode: 'mixed',
      rolloutMode: 'auditFirst',
      auditDays: 14,
      failurePolicy: 'failClosed',
      exceptions: {
        allowed: true,
        maxDurationDays: 30,
        requireRiskAcceptance: true,
        ...exceptions,
      },
      ...spec,
    },
  } as never)

/** Approved by jane, for an hour. */
export const request = (
  spec: object = {},
  metadata: Partial<ObjectMeta> = {},
  status: object = { decidedAt: time(-60) },
): PolicyExceptionRequest =>
  objectOf(PolicyExceptionRequest, {
    metadata: {
      name: 'short',
      namespace: NAMESPACE,
      uid: 'uid-of-short',
      creationTimestamp: time(-120),
      ...metadata,
    },
    spec: {
      organizationRef: 'acme',
      policyRef: 'names',
      justification: 'It was called so before.',
      riskAcceptance: 'Core bears it.',
      expiresAt: time(3600),
      resources: [{ kind: 'Team', name: 'core' }],
      requestedBy: 'joe',
      decision: 'Approved',
      reason: 'Why not.',
      decidedBy: 'jane',
      ...spec,
    },
    status,
  } as never)

/** The exception of a request, as it stands in kradle-system. */
export function exception(
  of: PolicyExceptionRequest = request(),
  metadata: Partial<ObjectMeta> = {},
): PolicyException {
  const made = exceptionOf({ request: of, binding: binding(), template: template() })!
  return {
    ...made,
    metadata: {
      ...made.metadata,
      uid: `uid-of-${made.metadata.name}`,
      creationTimestamp: time(-30),
      ...metadata,
    },
  } as unknown as PolicyException
}

const condition = (type: string, status = 'True', message = 'Fine.') => ({ type, status, message })

/** The policy of a binding as Kyverno leaves it, with its own word on it. */
export function policy(
  of: PolicyBinding = binding(),
  conditions: readonly object[] | undefined = [condition('WebhookConfigured')],
  exceptions: readonly PolicyException[] = [],
): KyvernoPolicy {
  const made = render({ template: template(), binding: of, profile: undefined, now }).policy!
  const { metadata, ...rest } = withExceptions(made, exceptions)
  return {
    ...rest,
    metadata: { ...metadata, uid: `uid-of-${metadata.name}`, resourceVersion: '7' },
    ...(conditions && { status: { conditionStatus: { ready: true, conditions } } }),
  } as unknown as KyvernoPolicy
}

export const kyvernoCondition = condition

export const policyName = policyNameOf('acme', 'names')

export const report = (
  name: string,
  results: readonly object[],
  namespace = NAMESPACE,
): PolicyReport => objectOf(PolicyReport, { metadata: { name, namespace }, results } as never)

export const result = (outcome: string, source = 'KyvernoValidatingPolicy', of = policyName) => ({
  policy: `${NAMESPACE}/${of}`,
  source,
  result: outcome,
})

export const definition = (kind: Kind, metadata: Partial<ObjectMeta> = {}): KubernetesObject =>
  objectOf(CustomResourceDefinition, { metadata: { name: resourceOf(kind), ...metadata } })

/** Kyverno's definitions, all of them. */
export const definitions: readonly KubernetesObject[] = [
  ...namespacedPolicies,
  PolicyException,
  PolicyReport,
].map(kind => definition(kind))

/** Kyverno was heard of so many seconds ago. */
export const health = (seconds = 4, namespace = 'kyverno', heard = time(-seconds)): Lease =>
  objectOf(Lease, {
    metadata: {
      name: 'kyverno-health',
      namespace,
      annotations: { 'kyverno.io/last-request-time': heard },
    },
  })

/** Its reports controller was heard of so many seconds ago. */
export const reporter = (
  seconds = 1,
  namespace = 'kyverno',
  spec: Lease['spec'] = { renewTime: at(-seconds).toISOString(), leaseDurationSeconds: 12 },
): Lease => objectOf(Lease, { metadata: { name: 'kyverno-reports-controller', namespace }, spec })

/** Kyverno as it should be. */
export const kyverno: readonly KubernetesObject[] = [...definitions, health(), reporter()]

export const clusterAt = (seconds: number, ...objects: KubernetesObject[]): Cluster =>
  clusterOf(objects, at(seconds))

/** Whom an event on an object brings up, by the watches of a controller. */
export const ownersBy = (
  controller: Pick<Controller, 'watches'>,
  kind: Kind,
  object: KubernetesObject,
  ...others: KubernetesObject[]
): string[] =>
  controller.watches
    .filter(watch => watch.kind === kind)
    .filter(watch => watch.name === undefined || watch.name === object.metadata.name)
    .flatMap(watch => watch.toOwners(object, clusterAt(0, object, ...others)))
    .map(({ name, namespace }) => `${namespace}/${name}`)

export { NamespacedValidatingPolicy }
