import { ConfigMap } from '#src/api/core/v1.ts'
import { AgentConfigGrant } from '#src/api/identity/v1alpha1.ts'
import { controller, type ConditionInput } from '#src/lib/controller.ts'
import { keysOnlyOf } from '#src/lib/keys-only.ts'
import { isSensitiveKey } from '#src/permissions/sensitive-keys.ts'
import { met, unmet } from '#src/lib/conditions.ts'
import { listing } from './listing.ts'
import { referencesResolved } from '#src/lib/reference-conditions.ts'
import { expired, isExpired, outcome } from './grant-outcome.ts'
import { limitWatches } from './grant-limits.ts'
import { sourceConditions } from './grant-source.ts'
import { subjectCondition, subjectLookups, subjectWatches } from './grant-subject.ts'

const ConfigMapKeys = keysOnlyOf(ConfigMap)

/**
 * Says on every grant whether it can be used, and warns where a key sounds as if a secret had
 * been put into a ConfigMap, which everybody who may read the namespace can see (R61).
 */
export default controller(AgentConfigGrant, {
  name: 'agentconfiggrant',
  watches: [...subjectWatches(AgentConfigGrant), ...limitWatches(AgentConfigGrant)],
  writes: [],
  lookups(grant, { now }) {
    if (isExpired(grant, now)) return []
    const { name } = grant.spec.configMapRef
    const { namespace } = grant.metadata
    return [{ kind: ConfigMap, name, namespace, part: 'keys' }, ...subjectLookups(grant)]
  },
  reconcile(grant, cluster) {
    if (isExpired(grant, cluster.now)) return expired(grant)
    const { configMapRef } = grant.spec
    const configMap = cluster.get(ConfigMapKeys, configMapRef.name, grant.metadata.namespace)
    return outcome(grant, cluster, {
      conditions: [
        ...sourceConditions('ConfigMap', configMapRef, configMap),
        subjectCondition(grant, cluster),
        met('PolicyAdmitted', 'NoPolicy', 'No policy limits which ConfigMap may be granted'),
      ],
      warnings: [
        sensitivityOf(configMapRef.keys),
        referencesResolved(AgentConfigGrant, grant, cluster),
      ],
    })
  },
})

function sensitivityOf(keys: readonly string[]): ConditionInput {
  const sensitive = keys.filter(isSensitiveKey).map(key => `"${key}"`)
  return sensitive.length === 0
    ? met('KeysNotSensitive', 'NothingSensitive', 'No key sounds like a secret')
    : unmet(
        'KeysNotSensitive',
        'SensitiveKeys',
        `${listing(sensitive)}: sounds like a secret; keep it in a Secret and grant that [R61]`,
      )
}
