import type { AgentTriggerExecution } from '#src/api/activity/v1alpha1.ts'
import type { Hooks } from '../write/hooks.ts'

/** An event is dispatched once by a rule, unless that failed (R138). */
export const execution: Hooks = {
  claim(object) {
    const { spec, status, metadata } = object as unknown as AgentTriggerExecution
    return spec.decision === 'dispatched' && status?.phase !== 'Failed'
      ? `event ${spec.sourceEvent} for ${metadata.namespace}/${spec.triggerRule}`
      : undefined
  },
}
