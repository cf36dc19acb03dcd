import { Organization, OrgNamespaceBinding } from '#src/api/identity/v1alpha1.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { nameFindings } from '#webhooks/normalised-name.ts'
import { deny, rule } from '#webhooks/rule.ts'

/**
 * Organizations and their bindings live in kradle-system, under normalised names.
 *
 * Whoever writes them decides which organisations there are: one in a namespace of a tenant
 * would be seen by people and other programs, and by no controller. The admission policy
 * `platform-scope` refuses the same inside the API server.
 */
export default rule({
  kinds: [Organization, OrgNamespaceBinding],
  operations: ['CREATE'],
  enforces: ['R8', 'R10', 'R30'],
  background: 'always',
  native: 'kradle-platform-scope',
  decide: request =>
    request.namespace === PLATFORM_NAMESPACE
      ? nameFindings(request)
      : deny({
          rule: 'R30',
          field: 'metadata.namespace',
          value: request.namespace,
          problem: 'is not the namespace of the platform',
          fix: `write "${PLATFORM_NAMESPACE}"`,
        }),
})
