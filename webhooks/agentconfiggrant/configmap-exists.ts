import { ConfigMap } from '#src/api/core/v1.ts'
import { AgentConfigGrant } from '#src/api/identity/v1alpha1.ts'
import { targetExists, targetReads } from '#webhooks/grant-target.ts'
import { rule } from '#webhooks/rule.ts'

const target = { kind: ConfigMap, field: 'configMapRef' } as const

/**
 * A grant is of a ConfigMap that is there. See webhooks/grant-target.ts for why.
 */
export default rule({
  kinds: [AgentConfigGrant],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R51'],
  gets: [ConfigMap],
  lookups: request => targetReads(target, request),
  decide: (request, cluster) => targetExists(target, request, cluster),
})
