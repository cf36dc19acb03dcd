import { OrgNamespaceBinding, Organization } from '#src/api/identity/v1alpha1.ts'
import { apiVersionOf } from '#src/api/kind.ts'
import { orgNamespace, PLATFORM_NAMESPACE, slugOfNamespace } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'

/**
 * The bindings that the identity controller would make for the organisations among the objects,
 * where they have none. With `everywhere`, every namespace whose name is that of an organisation
 * counts as bound: for manifests that are checked with nothing around them.
 */
export function bindingsFor(
  objects: readonly KubernetesObject[],
  everywhere: boolean,
): readonly OrgNamespaceBinding[] {
  const bound = new Set(
    objects
      .filter(({ kind }) => kind === OrgNamespaceBinding.kind)
      .map(({ metadata }) => metadata.name),
  )
  const slugs = objects.flatMap(({ kind, metadata: { name, namespace } }) => {
    if (kind === Organization.kind) return name
    return (everywhere && slugOfNamespace(namespace ?? '')) || []
  })
  return [...new Set(slugs)]
    .filter(slug => !bound.has(slug))
    .map(slug => ({
      apiVersion: apiVersionOf(OrgNamespaceBinding) as OrgNamespaceBinding['apiVersion'],
      kind: 'OrgNamespaceBinding',
      metadata: { name: slug, namespace: PLATFORM_NAMESPACE },
      spec: { organizationRef: slug, namespace: orgNamespace(slug) },
    }))
}
