import {
  PolicyBinding,
  PolicyTemplate,
  type PolicyExceptionRequest,
  type PolicyProfile,
} from '#src/api/policy/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { met, unmet } from '#src/lib/conditions.ts'
import type { ConditionInput } from '#src/lib/controller.ts'
import { named } from '#src/lib/references.ts'
import { exceptionOf } from '#src/policy/exception.ts'
import type { PolicyException } from '#src/policy/kyverno.ts'
import { DEFAULT_EXCEPTION_RULES, profileOf } from '#src/policy/profile.ts'
import { rolloutOf } from '#src/policy/rollout.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** What an approved request comes to. */
export interface ExceptionPlan {
  /** Whether it may have its exception, and if not why. */
  readonly admitted: ConditionInput
  /** What is to be there; undefined where it may not. */
  readonly exception: PolicyException | undefined
  readonly binding: PolicyBinding | undefined
  readonly template: PolicyTemplate | undefined
}

/**
 * Whether what was approved still stands (R201, R202). Admission asks the same when it is
 * requested and decided on; but profiles and bindings change, and are deleted and made anew.
 * `decidedAt` is when the decision was seen (RFC 3339).
 */
export function exceptionPlan(
  request: PolicyExceptionRequest,
  decidedAt: string,
  cluster: Cluster,
): ExceptionPlan {
  const { policyRef, resources = [] } = request.spec
  const namespace = request.metadata.namespace ?? ''
  const binding = cluster.get(PolicyBinding, policyRef, namespace)
  const template = binding && named(PolicyTemplate, binding.spec.templateRef, namespace, cluster)
  const no = (reason: string, message: string): ExceptionPlan => ({
    admitted: unmet('Admitted', reason, message),
    exception: undefined,
    binding,
    template,
  })
  if (!binding)
    return no(
      'PolicyMissing',
      `spec.policyRef: there is no PolicyBinding "${policyRef}" to be exempt from; delete the request, or create the binding [R202]`,
    )
  // What somebody decided on was another one, maybe of another template.
  if (Date.parse(binding.metadata.creationTimestamp ?? '') > Date.parse(decidedAt))
    return no(
      'PolicyReplaced',
      `spec.policyRef: PolicyBinding "${policyRef}" was created after the decision, which was on another one; create another request [R202]`,
    )
  if (!template)
    return no(
      'TemplateMissing',
      `spec.policyRef: PolicyTemplate "${binding.spec.templateRef}" of PolicyBinding "${policyRef}" is not there; create it, or delete the binding [R200]`,
    )
  const { profile, missing } = profileOf(binding, cluster)
  if (missing !== undefined)
    return no(
      'ProfileMissing',
      `spec.policyRef: PolicyProfile "${missing}" of PolicyBinding "${policyRef}" is not there, so nobody can tell what it allows; create it [R202]`,
    )
  const against = refusalOf({ request, binding, template, profile, decidedAt }, cluster.now)
  if (against) return no(...against)
  const exception = exceptionOf({ request, binding, template })
  if (!exception)
    return no(
      'NoResources',
      'spec.resources: no object is named, and there is no exception for everything; create a request that names some [R202]',
    )
  return {
    admitted: met(
      'Admitted',
      'Admitted',
      `What is asked for ${resources.length} object(s) is within the rules`,
    ),
    exception,
    binding,
    template,
  }
}

interface Case {
  readonly request: PolicyExceptionRequest
  readonly binding: PolicyBinding
  readonly template: PolicyTemplate
  readonly profile: PolicyProfile | undefined
  readonly decidedAt: string
}

/** What the profile has against it: reason and message. */
function refusalOf(
  { request: { spec }, binding, template, profile, decidedAt }: Case,
  now: Date,
): [reason: string, message: string] | undefined {
  const rules = profile?.spec.exceptions ?? DEFAULT_EXCEPTION_RULES
  const says = profile ? `PolicyProfile "${profile.metadata.name}"` : 'The default'
  if (!rules.allowed)
    return [
      'NotAllowed',
      `${says} allows no exceptions; do what the policy wants, or have the profile allow them [R202]`,
    ]
  if (Date.parse(spec.expiresAt) > Date.parse(decidedAt) + rules.maxDurationDays * DAY_MS)
    return [
      'TooLong',
      `spec.expiresAt: ${says} allows exceptions ${rules.maxDurationDays} days at most; create a request until an earlier time [R201]`,
    ]
  const { mode } = rolloutOf(template, binding, profile, now)
  if (mode === 'enforce' && rules.requireRiskAcceptance && !spec.riskAcceptance?.trim())
    return [
      'RiskNotAccepted',
      `spec.riskAcceptance: nobody bears the risk, and PolicyBinding "${binding.metadata.name}" is enforced; create a request that says who does [R202]`,
    ]
  return undefined
}
