import type { Operation } from '#src/api/admission/v1.ts'
import { resourceOf, type Kind } from '#src/api/kind.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { registry, type Registry } from '#webhooks/registry.ts'
import { readRequest } from '#webhooks/request.ts'
import type { Request, Rule } from '#webhooks/rule.ts'

/**
 * An object that is there as rules are asked about it: as if it came new.
 *
 * As an update that changes nothing, nothing would be said: rules let stand what stood before, and what has none of a
 * change is never blocked (webhooks/decide.ts). As a create, every rule speaks that compares with what was before only to let
 * it stand; those that are about who writes, or about the change itself, are not asked at all (Rule.background).
 */
export function keptRequest(kind: Kind, object: UnknownObject): Request {
  const { group, version, plural: resource } = kind
  const { name, namespace } = object.metadata
  const request = readRequest({
    uid: 'scan',
    kind: { group, version, kind: kind.kind },
    resource: { group, version, resource },
    operation: 'CREATE',
    name,
    ...(namespace !== undefined && { namespace }),
    userInfo: NOBODY,
    object,
    oldObject: null,
    dryRun: true,
  })
  return { ...request, kept: true }
}

/** No rule that is asked in the background looks at it. */
const NOBODY = Object.freeze({ username: 'system:kradle:scan' })

const CREATED: readonly Operation[] = ['CREATE']

/** The rules that are asked about objects that are there. */
export interface KeptRules {
  /** About every object. */
  readonly always: Registry
  /** About objects that are not over; those of `always` among them. */
  readonly open: Registry
}

/** Of all rules those that may be asked, each as if its kinds were created. Nothing is filled in: what is there is as it is. */
export function keptRules(rules: Readonly<Record<string, Rule>>): KeptRules {
  const those = (of: readonly Rule['background'][]) =>
    registry(
      Object.fromEntries(
        Object.entries(rules)
          .filter(([, { background }]) => background !== undefined && of.includes(background))
          .map(([name, rule]) => [name, { ...rule, operations: CREATED, subresources: [''] }]),
      ),
      {},
    )
  return { always: those(['always']), open: those(['always', 'while-open']) }
}

/** Every kind that they judge, each once, in a fixed order. */
export const judgedKinds = ({ open }: KeptRules): readonly Kind[] => [
  ...new Map(
    open.rules.flatMap(({ rule }) => rule.kinds).map(kind => [resourceOf(kind), kind] as const),
  ).values(),
]
