import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { Watch } from '#src/lib/controller.ts'
import { referenceWatches } from '#src/lib/reference-conditions.ts'
import type { Grant } from '#src/permissions/grants.ts'

/**
 * Watches that bring up the grants of `kind` that are limited to an object (R33); whether it is
 * there is a warning, as a limit to what is yet to come serves nobody there, and does no harm.
 * Stacks are among the watches of its subject.
 */
export const limitWatches = (kind: Kind<Grant>): readonly Watch[] =>
  referenceWatches(kind).filter(watch => watch.kind !== AgentStack)
