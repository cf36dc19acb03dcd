import type { AgentApproval } from '#src/api/activity/v1alpha1.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { Hooks } from '../write/hooks.ts'

const asApproval = (object: UnknownObject): AgentApproval => object as unknown as AgentApproval

/**
 * Whoever decides is written down as the API server knows him, and when (R88); nothing of it is taken from what he sends.
 * While it is open, a run asks for an action once (R87); after its time nobody can answer it, and it can be asked again (R93).
 */
export const approval: Hooks = {
  prepareForUpdate(object, old, user, now, subresource) {
    const { decision, reason } = asApproval(object).spec ?? {}
    const isNew = decision !== undefined && asApproval(old).spec?.decision === undefined
    if (subresource !== '' || !isNew) return object
    return {
      ...object,
      status: {
        ...object.status,
        phase: decision,
        decidedBy: user.username,
        decidedAt: now,
        ...(reason !== undefined && { reason }),
      },
    }
  },
  claim(object, now) {
    const { spec, status, metadata } = asApproval(object)
    const phase = status?.phase ?? 'Pending'
    const isLate = spec.expiresAt !== undefined && new Date(spec.expiresAt) <= now
    return phase === 'Pending' && !isLate
      ? `an open approval of ${spec.action} for ${metadata.namespace}/${spec.dispatchRun}`
      : undefined
  },
}
