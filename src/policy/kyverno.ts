import type { KubernetesObject } from '#src/api/object.ts'

/** A named expression: a match condition, or a variable. */
export interface NamedExpression {
  readonly name: string
  readonly expression: string
}

/** admissionregistration.k8s.io/v1 Validation. */
export interface Validation {
  readonly expression: string
  readonly message?: string
  readonly messageExpression?: string
  readonly reason?: string
}

/** What the policies of policies.kyverno.io have in common, and what Validating ones have; all else is carried along. */
export interface KyvernoPolicy extends KubernetesObject {
  readonly spec: {
    readonly matchConstraints?: MatchConstraints
    readonly matchConditions?: readonly NamedExpression[]
    readonly variables?: readonly NamedExpression[]
    readonly validations?: readonly Validation[]
    readonly auditAnnotations?: readonly {
      readonly key: string
      readonly valueExpression: string
    }[]
    readonly validationActions?: readonly string[]
    readonly failurePolicy?: string
    readonly [field: string]: unknown
  }
}

/** admissionregistration.k8s.io/v1 MatchResources, of which namespaced policies use these. */
export interface MatchConstraints {
  readonly resourceRules?: readonly ResourceRule[]
  readonly excludeResourceRules?: readonly ResourceRule[]
  readonly objectSelector?: {
    readonly matchLabels?: Readonly<Record<string, string>>
    readonly matchExpressions?: readonly {
      readonly key: string
      readonly operator: string
      readonly values?: readonly string[]
    }[]
  }
}

export interface ResourceRule {
  readonly apiGroups?: readonly string[]
  readonly apiVersions?: readonly string[]
  readonly operations?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly scope?: string
}

/** policies.kyverno.io PolicyException, as Kradle writes it. */
export interface PolicyException extends KubernetesObject {
  readonly spec: {
    readonly policyRefs: readonly { readonly name: string; readonly kind: string }[]
    readonly matchConditions?: readonly NamedExpression[]
    readonly images?: readonly string[]
    readonly allowedValues?: readonly string[]
    readonly reportResult?: string
    /** RFC 3339; Kyverno looks at it only when it compiles the policy. */
    readonly expiresAt?: string
  }
}
