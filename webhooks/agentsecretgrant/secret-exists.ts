import { Secret } from '#src/api/core/v1.ts'
import { AgentSecretGrant } from '#src/api/identity/v1alpha1.ts'
import { allow, deny, rule, type Request } from '#webhooks/rule.ts'

/**
 * A grant is of a Secret that is there (contracts: references, deny).
 *
 * Otherwise it would lie in wait for whatever gets that name later, made by somebody who
 * knows nothing of the grant. Its metadata alone is read: no value comes anywhere near.
 */
export default rule({
  kinds: [AgentSecretGrant],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R51', 'R59'],
  gets: [Secret],
  lookups: request => {
    const name = nameToCheck(request)
    return name === undefined
      ? []
      : [{ kind: Secret, name, namespace: request.namespace, fresh: 'live', part: 'metadata' }]
  },
  decide(request, cluster) {
    const name = nameToCheck(request)
    if (name === undefined || cluster.get(Secret, name, request.namespace)) return allow
    return deny({
      rule: 'R51',
      field: 'spec.secretRef.name',
      value: name,
      problem: `is no Secret in namespace "${request.namespace}"`,
      fix: 'create the Secret first, or name one that is there',
    })
  },
})

/** The name, where it is new; one that stands already may outlive its Secret. Malformed: the schema says so better. */
function nameToCheck({ object, oldObject }: Request): string | undefined {
  const name = nameOf(object.spec)
  return name === undefined || name === nameOf(oldObject?.spec) ? undefined : name
}

function nameOf(spec: Record<string, unknown> | undefined): string | undefined {
  const name = (spec?.['secretRef'] as { name?: unknown } | null | undefined)?.name
  return typeof name === 'string' && name !== '' ? name : undefined
}
