import { Namespace } from '#src/api/core/v1.ts'
import { Organization, OrgNamespaceBinding } from '#src/api/identity/v1alpha1.ts'
import { LABEL_OWNER_UID, PLATFORM_NAMESPACE, slugOfNamespace } from '#src/api/names.ts'
import { controller, watch } from '#src/lib/controller.ts'

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
    if (namespace?.metadata.labels?.[LABEL_OWNER_UID] !== organization.metadata.uid)
      return unbound(
        'NamespaceMissing',
        `Namespace "${spec.namespace}" does not exist or is not the organisation's`,
      )
    return {
      status: {
        phase: 'Bound',
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'Bound',
            message: `Namespace "${spec.namespace}" belongs to organisation "${spec.organizationRef}"`,
          },
        ],
      },
    }
  },
})

const unbound = (reason: string, message: string) => ({
  status: {
    phase: 'Pending',
    conditions: [{ type: 'Ready', status: 'False' as const, reason, message }],
  },
})
