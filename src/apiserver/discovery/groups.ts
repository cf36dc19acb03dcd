import { storageVersionHash, type Served } from './served.ts'

const nonEmpty = (name: string, list: readonly string[]) =>
  list.length > 0 ? { [name]: list } : {}

/** `/apis/<group>/<version>`. */
export const resourceListOf = (groupVersion: string, served: readonly Served[]) => ({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion,
  resources: served.flatMap(one => [
    {
      name: one.kind.plural,
      singularName: one.singular,
      namespaced: one.kind.namespaced,
      kind: one.kind.kind,
      verbs: one.verbs,
      ...nonEmpty('shortNames', one.shortNames),
      ...nonEmpty('categories', one.categories),
      ...(one.listKind !== undefined && { storageVersionHash: storageVersionHash(one.kind) }),
    },
    ...(one.statusVerbs
      ? [
          {
            name: `${one.kind.plural}/status`,
            singularName: '',
            namespaced: one.kind.namespaced,
            kind: one.kind.kind,
            verbs: one.statusVerbs,
          },
        ]
      : []),
  ]),
})

/** `/apis/<group>`, or without kind and apiVersion an item of `/apis`; the first version is preferred. */
export function groupOf(name: string, groupVersions: readonly string[]) {
  const versions = groupVersions.map(groupVersion => ({
    groupVersion,
    version: groupVersion.split('/')[1]!,
  }))
  return { name, versions, preferredVersion: versions[0]! }
}

/** `/apis` for clients that take everything at once (apidiscovery.k8s.io), of all groups. */
export const groupDiscoveryList = (
  groups: readonly (readonly [string, ReadonlyMap<string, readonly Served[]>])[],
  version: string,
) => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: `apidiscovery.k8s.io/${version}`,
  metadata: {},
  items: groups.map(([name, versions]) => ({
    metadata: { name },
    versions: [...versions].map(([groupVersion, served]) => ({
      version: groupVersion.split('/')[1]!,
      resources: served.map(discovered),
      freshness: 'Current',
    })),
  })),
})

function discovered(one: Served) {
  const { group, version, kind } = one.kind
  const responseKind = { group, version, kind }
  return {
    resource: one.kind.plural,
    responseKind,
    scope: one.kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: one.singular,
    verbs: one.verbs,
    ...nonEmpty('shortNames', one.shortNames),
    ...nonEmpty('categories', one.categories),
    ...(one.statusVerbs && {
      subresources: [{ subresource: 'status', responseKind, verbs: one.statusVerbs }],
    }),
  }
}
