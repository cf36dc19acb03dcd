import type { Kind } from '#src/api/kind.ts'
import { kinds, orgScopedKinds } from '#src/api/kinds.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { names, referencedKinds, referencesOf } from '#src/lib/references.ts'
import { allow, rule, warn, type Request } from '#webhooks/rule.ts'

/** As many are named in a warning; there may be thousands. */
const MOST_NAMED = 3

/** The kinds whose objects may name one of a kind, by its plural. Organisations and their bindings have rules of their own. */
const referrers: ReadonlyMap<string, readonly Kind[]> = new Map(
  orgScopedKinds
    .map(
      target =>
        [
          target.plural,
          kinds.filter(from => referencedKinds(from).some(({ kind }) => kind === target.kind)),
        ] as const,
    )
    .filter(([, from]) => from.length > 0),
)

/**
 * Whoever deletes what others name is told so, and may go on.
 *
 * Refusing would make the order of deletions matter, and clean-ups hang; what is left without
 * it says so in its condition ReferencesResolved.
 */
export default rule({
  kinds: orgScopedKinds.filter(({ plural }) => referrers.has(plural)),
  operations: ['DELETE'],
  advises: true,
  enforces: ['R33'],
  names: [...new Set([...referrers.values()].flat())],
  decide(request, cluster) {
    const { name, namespace, resource } = request
    // A template of the platform may be named in every organisation.
    const everywhere =
      namespace === PLATFORM_NAMESPACE && resource.resource === PolicyTemplate.plural
    const found = (referrers.get(resource.resource) ?? []).flatMap(from =>
      cluster
        .list(from, everywhere ? undefined : namespace)
        .filter(object => names(from, object, resource.resource, name))
        .map(object => ({ from, object })),
    )
    if (found.length === 0) return allow
    return warn(
      `${kindOf(request)} "${name}" is still named by ${everywhere ? counted(found) : listed(found, request)}; what names it is not Ready until it is there again [R33]`,
    )
  },
})

const kindOf = ({ object, resource }: Request): string => object.kind || resource.resource

interface Found {
  readonly from: Kind
  readonly object: KubernetesObject
}

/** Those of other organisations: their names are not for everybody. */
const counted = ({ length }: readonly Found[]): string =>
  `${length} object${length === 1 ? '' : 's'} of organisations`

function listed(found: readonly Found[], { resource, name }: Request): string {
  const shown = found.slice(0, MOST_NAMED).map(({ from, object }) => {
    const at = referencesOf(from, object).find(
      reference => reference.kind.plural === resource.resource && reference.name === name,
    )
    return `${from.kind} "${object.metadata.name}" (${at!.path})`
  })
  const rest = found.length - shown.length
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
