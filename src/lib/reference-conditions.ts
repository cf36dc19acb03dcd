import type { Kind } from '#src/api/kind.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Cluster } from './cluster.ts'
import { listed, met, unmet } from './conditions.ts'
import { watch, type ConditionInput, type Watch } from './controller.ts'
import { homesOf, named, names, referencedKinds, referencesOf, type Named } from './references.ts'

/** How many missing objects a message names; whoever creates those is told of the next. */
const NAMED = 5

/** What an object names and is not there. */
export const missingFrom = (
  kind: Kind,
  object: KubernetesObject,
  cluster: Cluster,
): readonly Named[] =>
  referencesOf(kind, object).filter(
    reference => !named(reference.kind, reference.name, object.metadata.namespace ?? '', cluster),
  )

/** Whether everything is there that is named: `type` is True, or False and says what is missing and where it is named (R33, R124). */
export const resolvedCondition = (type: string, missing: readonly Named[]): ConditionInput =>
  missing.length === 0
    ? met(type, 'AllResolved', 'Everything that is named exists')
    : unmet(
        type,
        'ReferenceMissing',
        `${listed(missing.map(textOf), NAMED)}; create what is missing in the same namespace, or change what names it [R33]`,
      )

/** Such as `spec.skillRefs[0]: AgentSkill "linting" does not exist`. */
export const textOf = ({ path, kind, name }: Named): string =>
  `${path}: ${kind.kind} "${name}" does not exist`

/** Whether everything is there that an object names, as a condition of its own (R33). */
export const referencesResolved = (
  kind: Kind,
  object: KubernetesObject,
  cluster: Cluster,
): ConditionInput => resolvedCondition('ReferencesResolved', missingFrom(kind, object, cluster))

/** Watches of every kind that objects of `kind` may name, which bring up those that name the object. */
export const referenceWatches = (kind: Kind): readonly Watch[] =>
  referencedKinds(kind).map(target =>
    watch(target, {
      toOwners({ metadata: { name, namespace = '' } }, cluster) {
        const isNamedBy = (owner: KubernetesObject) =>
          homesOf(target, String(owner.metadata.namespace)).includes(namespace) &&
          names(kind, owner, target.plural, name)
        // What the platform ships may be named from everywhere.
        const home = namespace === PLATFORM_NAMESPACE ? undefined : namespace
        return cluster.list(kind, home).filter(isNamedBy).map(keyPartsOf)
      },
    }),
  )

const keyPartsOf = ({ metadata: { name, namespace } }: KubernetesObject) => ({
  name,
  ...(namespace !== undefined && { namespace }),
})
