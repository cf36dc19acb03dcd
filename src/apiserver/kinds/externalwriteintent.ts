import type { ExternalWriteIntent } from '#src/api/activity/v1alpha1.ts'
import type { Hooks } from '../write/hooks.ts'

/** What is to be written outside is meant once (R186). */
export const intent: Hooks = {
  claim(object) {
    const { spec, metadata } = object as unknown as ExternalWriteIntent
    return spec.idempotencyKey === undefined
      ? undefined
      : `idempotency key ${spec.idempotencyKey} in ${metadata.namespace}`
  },
}
