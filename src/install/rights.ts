import { Deployment } from '#src/api/apps/v1.ts'
import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import { Lease } from '#src/api/coordination/v1.ts'
import { Pod } from '#src/api/core/v1.ts'
import { kinds } from '#src/api/kinds.ts'
import { resourceOf } from '#src/api/kind.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { deployments, type Grant } from '#src/deployments.ts'
import { PROBE } from './judged.ts'
import { generated, guards, leftovers, type Sweep } from './sweeps.ts'

/** The Deployments that lead, by a Lease of their name: all but the servers. */
export const leaders: readonly string[] = deployments([])
  .filter(({ grants }) => grants.some(({ kind }) => kind === Lease))
  .map(({ name }) => name)

/**
 * What each hook may do, in the form of `deployments`. `manifests` are the admission objects that
 * the chart ships, and `templates` the names of the catalogue: nothing else can be touched.
 */
export const hooks = (
  manifests: readonly KubernetesObject[],
  templates: readonly string[],
): readonly { readonly name: string; readonly grants: readonly Grant[] }[] => [
  {
    name: 'hook-catalogue',
    grants: [
      { kind: PolicyTemplate, verbs: ['create'], namespace: PLATFORM_NAMESPACE },
      {
        kind: PolicyTemplate,
        verbs: ['get', 'patch'],
        namespace: PLATFORM_NAMESPACE,
        resourceNames: [...templates, PROBE],
      },
    ],
  },
  {
    name: 'hook-definitions',
    grants: [
      { kind: CustomResourceDefinition, verbs: ['create'] },
      {
        kind: CustomResourceDefinition,
        verbs: ['get', 'patch'],
        resourceNames: kinds.map(resourceOf),
      },
    ],
  },
  {
    name: 'hook-uninstall',
    grants: [
      {
        kind: Deployment,
        verbs: ['delete'],
        namespace: PLATFORM_NAMESPACE,
        resourceNames: leaders,
      },
      { kind: Pod, verbs: ['list'], namespace: PLATFORM_NAMESPACE },
      ...guards.flatMap(sweep => sweepGrants(sweep, shippedNames(sweep, manifests))),
      ...[...generated, ...leftovers(leaders)].flatMap(sweep => sweepGrants(sweep)),
      ...kinds.map(kind => ({ kind, verbs: ['get', 'list', 'patch'] })),
    ],
  },
]

/** Of kinds that are everybody's, only what is shipped can be deleted. */
const shippedNames = ({ kind }: Sweep, manifests: readonly KubernetesObject[]) =>
  manifests.filter(each => each.kind === kind.kind).map(({ metadata }) => metadata.name)

function sweepGrants(
  { kind, namespace, names, selection }: Sweep,
  shipped?: readonly string[],
): readonly Grant[] {
  const at = { kind, ...(namespace !== undefined && { namespace }) }
  if (names) return [{ ...at, verbs: ['get', 'delete'], resourceNames: names }]
  // A list by name is a right by name.
  const [, name] = /^metadata\.name=(.+)$/.exec(selection?.fieldSelector ?? '') ?? []
  if (name !== undefined) return [{ ...at, verbs: ['list', 'delete'], resourceNames: [name] }]
  if (!shipped) return [{ ...at, verbs: ['list', 'delete'] }]
  return [
    { ...at, verbs: ['list'] },
    ...(shipped.length > 0 ? [{ ...at, verbs: ['delete'], resourceNames: shipped }] : []),
  ]
}
