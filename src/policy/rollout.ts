import type { PolicyBinding, PolicyProfile, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'

/** The mode that is in force at a time. */
export interface Rollout {
  readonly mode: 'audit' | 'enforce'
  /** When auditing ends by itself: a time to look again. RFC 3339; absent where nothing is to come. */
  readonly enforceAfter?: string
  /** Why the mode is not the one that the binding asks for, for people; absent where it is. */
  readonly reason?: string
}

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * The mode in force. A profile may hold a binding back: `audit` for good, `auditFirst` a binding of one of its default
 * templates for a number of days from its creation. It never makes a binding enforce that asks to audit (R204).
 */
export function rolloutOf(
  template: Pick<PolicyTemplate, 'metadata'>,
  binding: Pick<PolicyBinding, 'metadata' | 'spec'>,
  profile: PolicyProfile | undefined,
  now: Date,
): Rollout {
  if (binding.spec.mode === 'audit' || !profile) return { mode: binding.spec.mode }
  const name = `PolicyProfile "${profile.metadata.name}"`
  if (profile.spec.mode === 'audit')
    return {
      mode: 'audit',
      reason: `${name} has mode "audit": its bindings report and do not refuse`,
    }
  const isDefault = profile.spec.defaultTemplates?.includes(template.metadata.name) ?? false
  if (!isDefault || profile.spec.rolloutMode !== 'auditFirst') return { mode: 'enforce' }
  const created = Date.parse(binding.metadata.creationTimestamp ?? now.toISOString())
  const until = created + profile.spec.auditDays * DAY_MS
  if (now.getTime() >= until) return { mode: 'enforce' }
  const enforceAfter = new Date(until).toISOString().replace('.000Z', 'Z')
  return {
    mode: 'audit',
    enforceAfter,
    reason: `${name} has bindings of its default templates report for ${profile.spec.auditDays} days first, until ${enforceAfter}`,
  }
}
