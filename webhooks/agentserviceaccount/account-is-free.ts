import { ServiceAccount } from '#src/api/core/v1.ts'
import { AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import { LABEL_MANAGED_BY, LABEL_OWNER_UID } from '#src/api/names.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * An AgentServiceAccount does not claim an account that somebody else made.
 *
 * Whoever made it uses it for Pods of his own, and may have bound roles to it; by the claim
 * he would get an agent's grants, or an agent his roles. One that Kradle made for an earlier
 * AgentServiceAccount of the name is about to go, or is taken over by the controller.
 */
export default rule({
  kinds: [AgentServiceAccount],
  operations: ['CREATE'],
  enforces: ['R43', 'R45'],
  background: 'always',
  gets: [ServiceAccount],
  lookups: ({ name, namespace }) =>
    name === '' ? [] : [{ kind: ServiceAccount, name, namespace, fresh: 'live', part: 'metadata' }],
  decide({ name, namespace }, cluster) {
    // Without a name, and so not equal to spec.serviceAccountName: the schema refuses it.
    if (name === '') return allow
    const account = cluster.get(ServiceAccount, name, namespace)
    const labels = account?.metadata.labels
    if (
      !account ||
      (labels?.[LABEL_MANAGED_BY] === 'kradle' && labels[LABEL_OWNER_UID] !== undefined)
    )
      return allow
    return deny({
      rule: 'R43',
      field: 'spec.serviceAccountName',
      value: name,
      problem: 'is a ServiceAccount that Kradle did not make',
      fix: 'use another name, or delete the ServiceAccount',
    })
  },
})
