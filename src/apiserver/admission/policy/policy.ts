import type { KubernetesObject } from '#src/api/object.ts'
import type { Criteria } from '../match/matches.ts'
import type { MatchRule } from '#src/lib/match/rule.ts'
import type { LabelSelector } from '#src/lib/match/selector.ts'
import { compiled, type Compiled } from '#src/lib/schema/dynamic/compiled.ts'
import { VARIABLES, WITH_AUTHORIZER } from './context.ts'

/** admissionregistration.k8s.io/v1 MatchResources. */
export interface MatchResources {
  readonly namespaceSelector?: LabelSelector
  readonly objectSelector?: LabelSelector
  readonly resourceRules?: readonly MatchRule[]
  readonly excludeResourceRules?: readonly MatchRule[]
}

/** ValidatingAdmissionPolicy, and MutatingAdmissionPolicy without its mutations. */
export interface AdmissionPolicy extends KubernetesObject {
  readonly spec: {
    readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string }
    readonly failurePolicy?: string
    readonly matchConstraints?: MatchResources
    readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[]
    readonly variables?: readonly { readonly name: string; readonly expression: string }[]
    readonly validations?: readonly {
      readonly expression: string
      readonly message?: string
      readonly messageExpression?: string
      readonly reason?: string
    }[]
    readonly auditAnnotations?: readonly {
      readonly key: string
      readonly valueExpression: string
    }[]
  }
}

export interface PolicyBinding extends KubernetesObject {
  readonly spec: {
    readonly policyName: string
    readonly matchResources?: MatchResources
    readonly validationActions?: readonly string[]
  }
}

export interface Validation {
  readonly expression: Compiled
  readonly message: string
  readonly messageExpression: Compiled | undefined
  readonly reason: string
}

/** A policy ready to be asked. */
export interface Policy {
  readonly name: string
  readonly ignoresFailures: boolean
  readonly criteria: Criteria
  readonly conditions: readonly Compiled[]
  readonly variables: ReadonlyMap<string, Compiled>
  readonly validations: readonly Validation[]
  readonly auditAnnotations: readonly Compiled[]
  /** What of it cannot be evaluated here; where there is anything, its failurePolicy says what happens. */
  readonly problems: readonly string[]
}

export const criteriaOf = (resources: MatchResources | undefined): Criteria => {
  const { resourceRules, excludeResourceRules, namespaceSelector, objectSelector } = resources ?? {}
  return {
    rules: resourceRules?.length ? resourceRules : undefined,
    ...(excludeResourceRules && { excludeResourceRules }),
    ...(namespaceSelector && { namespaceSelector }),
    ...(objectSelector && { objectSelector }),
  }
}

const MUTATIONS = 'a MutatingAdmissionPolicy is not carried out for this group'

/** Compiles a policy. Never throws: what cannot be compiled is a problem of the policy. */
export function policyOf({ kind, metadata, spec }: AdmissionPolicy): Policy {
  const names = [...WITH_AUTHORIZER, 'variables']
  const conditions = (spec.matchConditions ?? []).map(({ expression }) =>
    compiled(expression, names),
  )
  const variables = new Map(
    (spec.variables ?? []).map(({ name, expression }) => [name, compiled(expression, names)]),
  )
  const validations = (spec.validations ?? []).map(
    ({ expression, message = '', messageExpression, reason }): Validation => ({
      expression: compiled(expression, names),
      message,
      messageExpression: messageExpression
        ? compiled(messageExpression, [...VARIABLES, 'variables'])
        : undefined,
      reason: reason ?? 'Invalid',
    }),
  )
  const expressions = [...conditions, ...variables.values(), ...validations.map(v => v.expression)]
  return {
    name: metadata.name,
    ignoresFailures: spec.failurePolicy === 'Ignore',
    criteria: criteriaOf(spec.matchConstraints),
    conditions,
    variables,
    validations,
    auditAnnotations: (spec.auditAnnotations ?? []).map(({ valueExpression }) =>
      compiled(valueExpression, [...VARIABLES, 'variables']),
    ),
    problems: [
      ...(kind === 'MutatingAdmissionPolicy' ? [MUTATIONS] : []),
      ...(spec.paramKind ? ['paramKind is not supported for this group'] : []),
      ...expressions.flatMap(expression =>
        'problem' in expression
          ? [`${JSON.stringify(expression.source)} cannot be evaluated: ${expression.problem}`]
          : [],
      ),
    ],
  }
}
