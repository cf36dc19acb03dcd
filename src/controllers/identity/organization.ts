import { Namespace, ResourceQuota } from '#src/api/core/v1.ts'
import { Organization, OrgNamespaceBinding } from '#src/api/identity/v1alpha1.ts'
import {
  FINALIZER_ORGANIZATION,
  LABEL_ORG,
  LABEL_OWNER_UID,
  LABEL_PART_OF,
  orgNamespace,
  PLATFORM_NAMESPACE,
  slugOfNamespace,
} from '#src/api/names.ts'
import { ClusterRole, RoleBinding } from '#src/api/rbac/v1.ts'
import { controller, watch, type ConditionInput, type Plan } from '#src/lib/controller.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { met, unmet } from '#src/lib/conditions.ts'
import { isFor, PROJECTED, removalOf } from '#src/lib/projection.ts'
import { censusOf, CENSUS_NAME, census } from './census.ts'
import { standingOf, TENANT_READER, tenantReaderFor } from './tenant-reader.ts'

/** No watch tells when an object goes that is not ours. */
const RETRY_SECONDS = 60

/**
 * Gives every Organization its namespace, its binding and the RoleBinding of those who
 * judge grants there, and puts back whichever part is missing (R41).
 *
 * A namespace of that name which somebody else made is taken over only when it is
 * empty: otherwise whoever left RoleBindings, Pods or Secrets in it would sit in
 * the tenant's house from the first day. Deletion goes the other way round,
 * binding first, so that nothing new can be written while the namespace empties.
 */
export default controller(Organization, {
  name: 'organization',
  namespace: PLATFORM_NAMESPACE,
  finalizer: FINALIZER_ORGANIZATION,
  watches: [
    watch(OrgNamespaceBinding, {
      namespace: PLATFORM_NAMESPACE,
      toOwners: binding => [{ name: binding.metadata.name, namespace: PLATFORM_NAMESPACE }],
    }),
    watch(Namespace, { toOwners: namespace => organizationOf(namespace.metadata.name) }),
    watch(ResourceQuota, {
      labels: { [LABEL_PART_OF]: 'kradle' },
      toOwners: quota => organizationOf(String(quota.metadata.namespace)),
    }),
    watch(RoleBinding, {
      labels: PROJECTED,
      toOwners: ({ metadata: { name, namespace } }) =>
        name === TENANT_READER ? organizationOf(String(namespace)) : [],
    }),
  ],
  writes: [
    { kind: Namespace, verbs: ['create', 'patch', 'delete'] },
    {
      kind: OrgNamespaceBinding,
      verbs: ['create', 'patch', 'delete'],
      namespace: PLATFORM_NAMESPACE,
    },
    { kind: ResourceQuota, verbs: ['create', 'patch', 'delete'] },
    { kind: RoleBinding, verbs: ['create', 'patch', 'delete'] },
    { kind: ClusterRole, verbs: ['bind'], resourceNames: [TENANT_READER] },
  ],
  // A watch that lags would make us apply over what somebody has just made, and does not show what lacks our label.
  lookups: ({ metadata }, cluster) => {
    const namespace = orgNamespace(metadata.name)
    const reader = { kind: RoleBinding, name: TENANT_READER, namespace }
    return [
      { kind: Namespace, name: namespace },
      ...(cluster.get(RoleBinding, TENANT_READER, namespace) ? [] : [reader]),
    ]
  },
  reconcile: (organization, cluster) =>
    organization.metadata.deletionTimestamp
      ? dissolve(organization, cluster)
      : establish(organization, cluster),
})

function establish(organization: Organization, cluster: Cluster): Plan {
  const { name } = organization.metadata
  const tenant = cluster.get(Namespace, orgNamespace(name))
  const reader = cluster.get(RoleBinding, TENANT_READER, orgNamespace(name))
  const standing = standingOf(reader, organization)
  const parts = [
    // The label on the namespace is taken for the binding (design 0005), so that comes first.
    bindingFor(organization),
    namespaceFor(organization, name, tenant),
    ...(standing === 'ours' || standing === 'missing' ? [tenantReaderFor(organization)] : []),
  ]
  const leftOver = cluster.get(ResourceQuota, CENSUS_NAME, orgNamespace(name))
  const hold = { finalizer: 'hold' } as const

  if (!tenant)
    return {
      ...hold,
      apply: parts,
      status: pending('NamespaceMissing', 'The namespace is being made'),
    }
  if (tenant.metadata.deletionTimestamp)
    return {
      ...hold,
      status: pending(
        'NamespaceTerminating',
        'The namespace is being deleted; it is made again once it is gone',
      ),
    }
  if (!isFor(organization, tenant)) {
    const count = censusOf(leftOver)
    if (!count)
      return {
        ...hold,
        apply: [census(orgNamespace(name))],
        status: pending(
          'NamespaceBeingChecked',
          'The namespace exists already; its content is being counted',
        ),
      }
    if (count.total > 0)
      return {
        ...hold,
        apply: [census(orgNamespace(name))],
        status: {
          phase: 'Blocked',
          conditions: notReady(
            'NamespaceNotOurs',
            `Namespace "${orgNamespace(name)}" was made by somebody else and holds ${count.text}; empty or delete it`,
          ),
        },
      }
  }

  const binding = cluster.get(OrgNamespaceBinding, name, PLATFORM_NAMESPACE)
  const bound =
    isFor(organization, tenant) && binding !== undefined && !binding.metadata.deletionTimestamp
  return {
    ...hold,
    apply: parts,
    delete: [
      ...(leftOver && isFor(organization, tenant) ? [removalOf(ResourceQuota, leftOver)] : []),
      ...(reader && standing === 'replaced' ? [removalOf(RoleBinding, reader)] : []),
    ],
    status: bound
      ? {
          ours: ready(orgNamespace(name)),
          missing: pending('ReaderMissing', 'Those who judge grants are being bound'),
          replaced: pending('ReaderMissing', 'Those who judge grants are being bound anew'),
          foreign: {
            phase: 'Blocked',
            conditions: notReady(
              'NotOurs',
              `RoleBinding "${TENANT_READER}" was made by somebody else; delete it to have it made anew`,
            ),
          },
        }[standing]
      : pending('BindingMissing', 'The namespace is being bound'),
    ...(standing === 'foreign' && { requeueAfter: RETRY_SECONDS }),
  }
}

/**
 * Label, binding, namespace, and then the organisation itself; one step a look, so that the
 * order holds across restarts. The label is emptied rather than left out: whoever else
 * may have come to own it, ours counts.
 */
function dissolve(organization: Organization, cluster: Cluster): Plan {
  const { name } = organization.metadata
  const terminating = (what: string) => ({
    phase: 'Terminating',
    conditions: notReady('Terminating', `Waiting until the ${what} is gone`),
  })
  const tenant = cluster.get(Namespace, orgNamespace(name))
  const binding = cluster.get(OrgNamespaceBinding, name, PLATFORM_NAMESPACE)
  if (tenant && isFor(organization, tenant) && isOpen(tenant))
    return {
      finalizer: 'hold',
      apply: [namespaceFor(organization, '', tenant)],
      status: terminating('label'),
    }
  if (binding)
    return {
      finalizer: 'hold',
      delete: [removalOf(OrgNamespaceBinding, binding)],
      status: terminating('binding'),
    }
  if (tenant && isFor(organization, tenant))
    return {
      finalizer: 'hold',
      delete: tenant.metadata.deletionTimestamp ? [] : [removalOf(Namespace, tenant)],
      status: terminating('namespace'),
    }
  return { finalizer: 'release' }
}

/** Whether objects of the organisation can still be created in it. */
const isOpen = ({ metadata }: Namespace): boolean =>
  !metadata.deletionTimestamp && metadata.labels?.[LABEL_ORG] !== ''

/**
 * Pods of an organisation get nothing of their node unless the cluster's admin says
 * otherwise: whoever has a node has the Secrets of everybody on it.
 */
const POD_SECURITY = 'pod-security.kubernetes.io/enforce'

function namespaceFor(
  { metadata }: Organization,
  label: string,
  live: Namespace | undefined,
): Namespace {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: orgNamespace(metadata.name),
      labels: {
        [LABEL_ORG]: label,
        [LABEL_OWNER_UID]: String(metadata.uid),
        [LABEL_PART_OF]: 'kradle',
        [POD_SECURITY]: live?.metadata.labels?.[POD_SECURITY] ?? 'baseline',
      },
    },
  }
}

function bindingFor({ metadata }: Organization): OrgNamespaceBinding {
  return {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'OrgNamespaceBinding',
    metadata: {
      name: metadata.name,
      namespace: PLATFORM_NAMESPACE,
      labels: { [LABEL_ORG]: metadata.name, [LABEL_OWNER_UID]: String(metadata.uid) },
    },
    spec: { organizationRef: metadata.name, namespace: orgNamespace(metadata.name) },
  }
}

const organizationOf = (namespace: string) => {
  const slug = slugOfNamespace(namespace)
  return slug ? [{ name: slug, namespace: PLATFORM_NAMESPACE }] : []
}

const notReady = (reason: string, message: string): ConditionInput[] => [
  unmet('Ready', reason, message),
]

const pending = (reason: string, message: string) => ({
  phase: 'Pending',
  conditions: notReady(reason, message),
})

const ready = (namespace: string) => ({
  phase: 'Ready',
  conditions: [met('Ready', 'NamespaceBound', `Namespace "${namespace}" exists and is bound`)],
})
