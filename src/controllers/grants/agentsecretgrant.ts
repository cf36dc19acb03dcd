import { Secret } from '#src/api/core/v1.ts'
import { AgentSecretGrant } from '#src/api/identity/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { controller, type ConditionInput } from '#src/lib/controller.ts'
import { keysOnlyOf } from '#src/lib/keys-only.ts'
import { met, unmet } from '#src/lib/conditions.ts'
import { referencesResolved } from '#src/lib/reference-conditions.ts'
import { expired, isExpired, outcome } from './grant-outcome.ts'
import { limitWatches } from './grant-limits.ts'
import { sourceConditions } from './grant-source.ts'
import { stackOf, subjectCondition, subjectLookups, subjectWatches } from './grant-subject.ts'
import { rotationCondition, rotationOf } from './rotation.ts'

const SecretKeys = keysOnlyOf(Secret)

/**
 * Says on every grant whether it can be used: whether Secret, keys and subject are there,
 * whether the Secret is due to be rotated, and whom the grant serves (R53, R58).
 *
 * Secrets are not watched, since nobody may list them: each is read by name, and of what
 * comes only the names of the keys get as far as this (R60).
 */
export default controller(AgentSecretGrant, {
  name: 'agentsecretgrant',
  watches: [...subjectWatches(AgentSecretGrant), ...limitWatches(AgentSecretGrant)],
  writes: [],
  lookups(grant, { now }) {
    if (isExpired(grant, now)) return []
    const { name } = grant.spec.secretRef
    const { namespace } = grant.metadata
    return [{ kind: Secret, name, namespace, part: 'keys' }, ...subjectLookups(grant)]
  },
  reconcile(grant, cluster) {
    if (isExpired(grant, cluster.now)) return expired(grant)
    const { secretRef, rotationPolicy } = grant.spec
    const secret = cluster.get(SecretKeys, secretRef.name, grant.metadata.namespace)
    const days = rotationPolicy?.maxAgeDays
    const rotation =
      secret && days !== undefined ? rotationOf(secret, days, cluster.now) : undefined
    return outcome(grant, cluster, {
      conditions: [
        ...sourceConditions('Secret', secretRef, secret),
        subjectCondition(grant, cluster),
        policyCondition(grant, cluster),
      ],
      warnings: [
        rotationCondition(rotation, days),
        referencesResolved(AgentSecretGrant, grant, cluster),
      ],
      fields: { rotation },
      changesAt: rotation?.dueAt,
    })
  },
})

/** A stack may limit the Secrets of its runs, whatever is granted (R64). */
function policyCondition(grant: AgentSecretGrant, cluster: Cluster): ConditionInput {
  const stack = stackOf(grant, cluster)
  const allowed = stack?.spec.secretPolicy?.allowedSecretRefs
  const { name } = grant.spec.secretRef
  if (!stack || !allowed)
    return met('PolicyAdmitted', 'NoPolicy', 'No policy limits which Secret may be granted')
  return allowed.includes(name)
    ? met(
        'PolicyAdmitted',
        'SecretAllowed',
        `AgentStack "${stack.metadata.name}" allows Secret "${name}"`,
      )
    : unmet(
        'PolicyAdmitted',
        'SecretNotAllowed',
        `Secret "${name}" is not among secretPolicy.allowedSecretRefs of AgentStack "${stack.metadata.name}"; add it there, or delete the grant [R64]`,
      )
}
