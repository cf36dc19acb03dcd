import { ownedKinds } from '#src/api/kinds.ts'
import { OrgNamespaceBinding } from '#src/api/identity/v1alpha1.ts'
import { LABEL_ORG, PLATFORM_NAMESPACE, slugOfNamespace } from '#src/api/names.ts'
import { clusterOf } from '#src/lib/cluster.ts'
import { allow, mutation } from '#webhooks/rule.ts'
import namespaceIsBound from './namespace-is-bound.ts'

/** Outside of an organisation's namespace there is nothing to look at. */
const nothing = clusterOf([], new Date(0))

/**
 * An object without organizationRef or organisation label gets both from the
 * binding of its namespace.
 *
 * A value that is there is never overwritten: a wrong one is for
 * namespace-is-bound to refuse, not for us to hide.
 */
export default mutation({
  kinds: ownedKinds,
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R4', 'R5', 'R27', 'R29'],
  watches: [OrgNamespaceBinding],
  needed: `!has(object.spec) || !has(object.spec.organizationRef) || !('${LABEL_ORG}' in object.metadata.?labels.orValue({}))`,
  lookups({ namespace }) {
    const slug = slugOfNamespace(namespace)
    return slug
      ? [{ kind: OrgNamespaceBinding, name: slug, namespace: PLATFORM_NAMESPACE, fresh: 'on-miss' }]
      : []
  },
  refuse: request =>
    slugOfNamespace(request.namespace) ? allow : namespaceIsBound.decide(request, nothing),
  apply({ namespace, object }, cluster) {
    const slug = slugOfNamespace(namespace)
    const binding = slug && cluster.get(OrgNamespaceBinding, slug, PLATFORM_NAMESPACE)
    if (!binding || object.metadata.deletionTimestamp) return object
    const { spec, metadata } = object
    if ('organizationRef' in spec && LABEL_ORG in metadata.labels) return object
    const organization = binding.spec.organizationRef
    return {
      ...object,
      metadata: { ...metadata, labels: { [LABEL_ORG]: organization, ...metadata.labels } },
      spec: { organizationRef: organization, ...spec },
    }
  },
})
