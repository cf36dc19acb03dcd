import { Organization, OrgNamespaceBinding } from '#src/api/identity/v1alpha1.ts'
import { orgNamespace, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * A binding is made for an organisation that exists and is staying.
 *
 * Otherwise whoever may write bindings could reserve a namespace for an
 * organisation that somebody else creates later. Read live, since the identity
 * controller binds within milliseconds of the organisation's creation.
 */
export default rule({
  kinds: [OrgNamespaceBinding],
  operations: ['CREATE'],
  enforces: ['R31', 'R33', 'R41'],
  gets: [Organization],
  lookups: ({ object }) => {
    const slug = object.spec['organizationRef']
    return typeof slug === 'string' && slug !== ''
      ? [{ kind: Organization, name: slug, namespace: PLATFORM_NAMESPACE, fresh: 'live' }]
      : []
  },
  decide({ object }, cluster) {
    const slug = object.spec['organizationRef']
    // Missing or malformed: the schema says so better.
    if (typeof slug !== 'string' || slug === '') return allow
    const organization = cluster.get(Organization, slug, PLATFORM_NAMESPACE)
    if (organization && !organization.metadata.deletionTimestamp) return allow
    return deny({
      rule: 'R31',
      field: 'spec.organizationRef',
      value: slug,
      problem: organization ? 'is being deleted' : 'names no Organization',
      fix: `create the Organization; namespace "${orgNamespace(slug)}" and its binding follow by themselves`,
    })
  },
})
