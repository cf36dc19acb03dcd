import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import type { ConditionInput, Watch } from '#src/lib/controller.ts'
import { missingFrom, referenceWatches, resolvedCondition } from '#src/lib/reference-conditions.ts'
import type { Grant } from '#src/permissions/grants.ts'

/**
 * Whether the Repositories are there that a grant is limited to, and what else it names (R33).
 * A warning: a limit to what is yet to come serves nobody there, and does no harm.
 */
export const limitsCondition = (
  kind: Kind<Grant>,
  grant: Grant,
  cluster: Cluster,
): ConditionInput => resolvedCondition('ReferencesResolved', missingFrom(kind, grant, cluster))

/** Watches that bring up the grants of `kind` that are limited to an object. Stacks are among those of its subject. */
export const limitWatches = (kind: Kind<Grant>): readonly Watch[] =>
  referenceWatches(kind).filter(watch => watch.kind !== AgentStack)
