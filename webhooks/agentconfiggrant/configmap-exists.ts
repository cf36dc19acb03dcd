import { ConfigMap } from '#src/api/core/v1.ts'
import { AgentConfigGrant } from '#src/api/identity/v1alpha1.ts'
import { allow, deny, rule, type Request } from '#webhooks/rule.ts'

/**
 * A grant is of a ConfigMap that is there (contracts: references, deny), for the reason that
 * agentsecretgrant/secret-exists gives.
 */
export default rule({
  kinds: [AgentConfigGrant],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R51'],
  gets: [ConfigMap],
  lookups: request => {
    const name = nameToCheck(request)
    return name === undefined
      ? []
      : [{ kind: ConfigMap, name, namespace: request.namespace, fresh: 'live', part: 'metadata' }]
  },
  decide(request, cluster) {
    const name = nameToCheck(request)
    if (name === undefined || cluster.get(ConfigMap, name, request.namespace)) return allow
    return deny({
      rule: 'R51',
      field: 'spec.configMapRef.name',
      value: name,
      problem: `is no ConfigMap in namespace "${request.namespace}"`,
      fix: 'create the ConfigMap first, or name one that is there',
    })
  },
})

function nameToCheck({ object, oldObject }: Request): string | undefined {
  const name = nameOf(object.spec)
  return name === undefined || name === nameOf(oldObject?.spec) ? undefined : name
}

function nameOf(spec: Record<string, unknown> | undefined): string | undefined {
  const name = (spec?.['configMapRef'] as { name?: unknown } | null | undefined)?.name
  return typeof name === 'string' && name !== '' ? name : undefined
}
