import { Namespace } from '#src/api/core/v1.ts'
import { Organization, OrgNamespaceBinding } from '#src/api/identity/v1alpha1.ts'
import { PLATFORM_NAMESPACE, slugOfNamespace } from '#src/api/names.ts'
import { met, unmet } from '#src/lib/conditions.ts'
import { controller, watch } from '#src/lib/controller.ts'
import { isFor } from '#src/lib/projection.ts'

/** Says on every binding whether both of its ends are there. */
export default controller(OrgNamespaceBinding, {
  name: 'orgnamespacebinding',
  namespace: PLATFORM_NAMESPACE,
  watches: [
    watch(Organization, {
      namespace: PLATFORM_NAMESPACE,
      toOwners: ({ metadata }) => [{ name: metadata.name, namespace: PLATFORM_NAMESPACE }],
    }),
    watch(Namespace, {
      toOwners: ({ metadata }) => {
        const slug = slugOfNamespace(metadata.name)
        return slug ? [{ name: slug, namespace: PLATFORM_NAMESPACE }] : []
      },
    }),
  ],
  writes: [],
  reconcile({ spec }, cluster) {
    const organization = cluster.get(Organization, spec.organizationRef, PLATFORM_NAMESPACE)
    if (!organization)
      return unbound('OrganizationMissing', `Organization "${spec.organizationRef}" does not exist`)
    const namespace = cluster.get(Namespace, spec.namespace)
    if (!namespace || !isFor(organization, namespace))
      return unbound(
        'NamespaceMissing',
        `Namespace "${spec.namespace}" does not exist or is not the organisation's`,
      )
    return {
      status: {
        phase: 'Bound',
        conditions: [
          met(
            'Ready',
            'Bound',
            `Namespace "${spec.namespace}" belongs to organisation "${spec.organizationRef}"`,
          ),
        ],
      },
    }
  },
})

const unbound = (reason: string, message: string) => ({
  status: {
    phase: 'Pending',
    conditions: [unmet('Ready', reason, message)],
  },
})
