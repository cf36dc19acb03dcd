import type { Kind } from '#src/api/kind.ts'
import { LABEL_COMPONENT, LABEL_PART_OF, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { Grant } from '#src/deployments.ts'

/** The verbs of whoever reads and follows. */
export const READ = ['get', 'list', 'watch']

/**
 * ServiceAccount, roles and bindings of every Deployment or hook, from what its code says
 * it reads and writes: nothing is granted that is not declared there.
 */
export function rbac(
  accounts: readonly { readonly name: string; readonly grants: readonly Grant[] }[],
): unknown[] {
  return accounts.flatMap(({ name, grants }) => {
    const everywhere = grants.filter(({ namespace }) => !namespace)
    const perNamespace = Object.groupBy(
      grants.filter(grant => grant.namespace),
      ({ namespace }) => namespace!,
    )
    return [
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: meta(name, name, PLATFORM_NAMESPACE),
      },
      ...pair('ClusterRole', name, everywhere),
      ...Object.entries(perNamespace).flatMap(([namespace, list]) =>
        pair('Role', name, list!, namespace),
      ),
    ]
  })
}

function pair(
  role: 'ClusterRole' | 'Role',
  name: string,
  grants: readonly Grant[],
  namespace?: string,
) {
  if (grants.length === 0) return []
  const metadata = meta(name, role === 'ClusterRole' ? `kradle-${name}` : name, namespace)
  const api = 'rbac.authorization.k8s.io'
  return [
    { apiVersion: `${api}/v1`, kind: role, metadata, rules: rulesOf(grants) },
    {
      apiVersion: `${api}/v1`,
      kind: `${role}Binding`,
      metadata,
      roleRef: { apiGroup: api, kind: role, name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: PLATFORM_NAMESPACE }],
    },
  ]
}

/** One rule per resource and names, verbs merged and sorted, so that a review shows exactly what changed. */
function rulesOf(grants: readonly Grant[]) {
  const verbs = new Map<string, { grant: Grant; verbs: Set<string> }>()
  for (const grant of grants) {
    const key = `${grant.kind.group} ${resource(grant)} ${(grant.resourceNames ?? []).join()}`
    const known = verbs.get(key) ?? { grant, verbs: new Set<string>() }
    for (const verb of grant.verbs) known.verbs.add(verb)
    verbs.set(key, known)
  }
  return [...verbs.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { grant, verbs: set }]) => ({
      apiGroups: [grant.kind.group],
      resources: [resource(grant)],
      ...(grant.resourceNames && { resourceNames: [...grant.resourceNames] }),
      verbs: order([...set]),
    }))
}

const resource = ({ kind, subresource }: { kind: Kind; subresource?: string }): string =>
  subresource ? `${kind.plural}/${subresource}` : kind.plural

const order = (verbs: string[]): string[] => [
  ...READ.filter(verb => verbs.includes(verb)),
  ...verbs.filter(verb => !READ.includes(verb)).toSorted(),
]

const meta = (component: string, name: string, namespace?: string) => ({
  name,
  ...(namespace && { namespace }),
  labels: { [LABEL_PART_OF]: 'kradle', [LABEL_COMPONENT]: component },
})
