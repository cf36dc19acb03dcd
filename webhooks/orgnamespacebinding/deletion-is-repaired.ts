import { Organization, OrgNamespaceBinding } from '#src/api/identity/v1alpha1.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { allow, rule, warn } from '#webhooks/rule.ts'

/**
 * Deleting the binding of a living organisation is pointless: it comes back. Until
 * then writes that need a decision are refused, so the admin should hear about it.
 */
export default rule({
  kinds: [OrgNamespaceBinding],
  operations: ['DELETE'],
  enforces: ['R41'],
  watches: [Organization],
  live: [],
  lookups: ({ name }) => [
    { kind: Organization, name, namespace: PLATFORM_NAMESPACE, fresh: 'cached' },
  ],
  decide({ name }, cluster) {
    const organization = cluster.get(Organization, name, PLATFORM_NAMESPACE)
    return organization && !organization.metadata.deletionTimestamp
      ? warn(
          `organization "${name}" still exists: its binding is made again, and until then writes to its namespace that need a decision are refused`,
        )
      : allow
  },
})
