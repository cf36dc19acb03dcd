import { Secret } from '#src/api/core/v1.ts'
import { AgentSecretGrant } from '#src/api/identity/v1alpha1.ts'
import { targetExists, targetReads } from '#webhooks/grant-target.ts'
import { rule } from '#webhooks/rule.ts'

const target = { kind: Secret, field: 'secretRef' } as const

/**
 * A grant is of a Secret that is there. See webhooks/grant-target.ts for why.
 */
export default rule({
  kinds: [AgentSecretGrant],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R51', 'R59'],
  gets: [Secret],
  lookups: request => targetReads(target, request),
  decide: (request, cluster) => targetExists(target, request, cluster),
})
