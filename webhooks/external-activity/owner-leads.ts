import { Issue, Job, Pipeline, PullRequest, Review } from '#src/api/activity/v1alpha1.ts'
import { ExternalBackendBinding } from '#src/api/external-backends/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { isMap, listOf, mapOf, textOf } from '#src/permissions/untyped.ts'
import type { Interface } from '#src/providers/registry.ts'
import { isOwn } from '#webhooks/person.ts'
import { allow, deny, rule, type Request } from '#webhooks/rule.ts'

/** The interface that objects of a kind come by. */
const interfaceOf: ReadonlyMap<Kind, Interface> = new Map<Kind, Interface>([
  [Issue, 'issueTracking'],
  [Job, 'cicd'],
  [Pipeline, 'cicd'],
  [PullRequest, 'gitForge'],
  [Review, 'gitForge'],
])

/**
 * What a provider owns is changed at the provider.
 *
 * A change that is made here would be overwritten by the next event, silently. Whoever means it to
 * get there asks for it by an ExternalWriteIntent, which says who asked and what came of it.
 */
export default rule({
  kinds: [...interfaceOf.keys()],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R174'],
  watches: [ExternalBackendBinding],
  lookups: request => {
    const name = bindingOf(request)
    const { namespace } = request
    return name === '' ? [] : [{ kind: ExternalBackendBinding, name, namespace, fresh: 'on-miss' }]
  },
  decide(request, cluster) {
    const { namespace, object, oldObject, resource, user } = request
    if (isOwn(user.username, 'external-controller')) return allow
    if (oldObject && jsonEqual(object.spec, oldObject.spec)) return allow
    const name = bindingOf(request)
    const binding = name ? cluster.get(ExternalBackendBinding, name, namespace) : undefined
    const kind = [...interfaceOf.keys()].find(({ plural }) => plural === resource.resource)
    if (!binding || !kind || modeOf(binding, kind) !== 'external-owned') return allow
    return deny({
      rule: 'R174',
      field: 'spec',
      value: undefined,
      problem: `the object is owned by provider "${binding.spec.providerRef}", says ExternalBackendBinding "${name}"`,
      fix: 'change it there, or create an ExternalWriteIntent',
    })
  },
})

/** The binding that the object came by; taking the name away does not make it anybody else's. */
const bindingOf = ({ object, oldObject }: Request): string =>
  textOf(mapOf((oldObject ?? object).spec['external'])['bindingRef'])

/** Who leads for objects of a kind. */
function modeOf({ spec }: ExternalBackendBinding, kind: Kind): unknown {
  const settings = mapOf(mapOf(spec.interfaces)[interfaceOf.get(kind)!])
  if (settings['enabled'] === false) return undefined
  const own = listOf(settings['resourceModes'])
    .filter(isMap)
    .find(each => each['kind'] === kind.kind)
  return own?.['mode'] ?? settings['mode']
}
