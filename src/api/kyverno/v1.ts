import type { Kind } from '../kind.ts'
import type { KubernetesObject } from '../object.ts'

/** What Kyverno says about a policy; absent until it has looked at it, and always on Deleting policies. */
export interface ConditionStatus {
  ready?: boolean
  conditions?: {
    /** WebhookConfigured and RBACPermissionsGranted, as of Kyverno 1.19. */
    type: string
    status: 'True' | 'False' | 'Unknown'
    reason?: string
    message?: string
  }[]
  message?: string
}

/** A policy of any type. The spec is Kyverno's own document, of a schema for each type. */
export interface KyvernoPolicy extends KubernetesObject {
  spec: Record<string, unknown>
  status?: { conditionStatus?: ConditionStatus }
}

const policyKind = (kind: string, plural: string): Kind<KyvernoPolicy> =>
  Object.freeze({ group: 'policies.kyverno.io', version: 'v1', kind, plural, namespaced: true })

export const NamespacedValidatingPolicy = policyKind(
  'NamespacedValidatingPolicy',
  'namespacedvalidatingpolicies',
)

export const NamespacedMutatingPolicy = policyKind(
  'NamespacedMutatingPolicy',
  'namespacedmutatingpolicies',
)

export const NamespacedGeneratingPolicy = policyKind(
  'NamespacedGeneratingPolicy',
  'namespacedgeneratingpolicies',
)

export const NamespacedImageValidatingPolicy = policyKind(
  'NamespacedImageValidatingPolicy',
  'namespacedimagevalidatingpolicies',
)

export const NamespacedDeletingPolicy = policyKind(
  'NamespacedDeletingPolicy',
  'namespaceddeletingpolicies',
)

/** What a binding can become: Kyverno confines these to their namespace. */
export const namespacedPolicies: readonly Kind<KyvernoPolicy>[] = Object.freeze([
  NamespacedValidatingPolicy,
  NamespacedMutatingPolicy,
  NamespacedGeneratingPolicy,
  NamespacedImageValidatingPolicy,
  NamespacedDeletingPolicy,
])

/** An exemption from policies, which Kyverno looks for in kradle-system alone. */
export interface PolicyException extends KubernetesObject {
  spec: {
    policyRefs: { name: string; kind: string }[]
    matchConditions?: { name: string; expression: string }[]
    allowedValues?: string[]
    /** RFC 3339. Kyverno looks at it only when it compiles. */
    expiresAt?: string
    reportResult?: 'skip' | 'pass'
    [field: string]: unknown
  }
}

export const PolicyException: Kind<PolicyException> = Object.freeze({
  group: 'policies.kyverno.io',
  version: 'v1',
  kind: 'PolicyException',
  plural: 'policyexceptions',
  namespaced: true,
})
