import { PolicyProfile, type PolicyBinding } from '#src/api/policy/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'

/** The profile of a binding: found, none, or named and not there, which nobody may take for none. */
export interface ProfileOf {
  readonly profile?: PolicyProfile
  /** The name of a profile that is not there. */
  readonly missing?: string
}

/** The profile whose rules on rollout and exceptions hold for a binding: the one it names, or else the only one of its organisation. */
export function profileOf(
  { spec: { profileRef }, metadata: { namespace } }: Pick<PolicyBinding, 'spec' | 'metadata'>,
  cluster: Cluster,
): ProfileOf {
  if (profileRef !== undefined) {
    const profile = cluster.get(PolicyProfile, profileRef, namespace)
    return profile ? { profile } : { missing: profileRef }
  }
  const [only, another] = cluster.list(PolicyProfile, namespace)
  return only && !another ? { profile: only } : {}
}

export type ExceptionRules = PolicyProfile['spec']['exceptions']

/** What holds where no profile says otherwise: the defaults of its definition. */
export const DEFAULT_EXCEPTION_RULES: ExceptionRules = Object.freeze({
  allowed: true,
  maxDurationDays: 30,
  requireRiskAcceptance: true,
})
