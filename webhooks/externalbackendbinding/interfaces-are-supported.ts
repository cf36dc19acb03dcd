import {
  ExternalBackendBinding,
  ExternalBackendProvider,
  ExternalProviderCapabilityManifest,
} from '#src/api/external-backends/v1alpha1.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { isMap, listOf, mapOf, textOf, type Untyped } from '#src/permissions/untyped.ts'
import { interfaces, type Interface } from '#src/providers/registry.ts'
import { writesOf, type Known } from '#src/providers/support.ts'
import { allow, deny, rule, type Finding, type Request } from '#webhooks/rule.ts'

/** What makes an object of Kradle's appear at the provider: without it the provider cannot follow Kradle. */
const publishing: Readonly<Record<Interface, string>> = {
  issueTracking: 'createIssue',
  cicd: 'createCheck',
  gitForge: 'updateRef',
}

/**
 * A binding uses what its provider has: interfaces it supports, and modes that write only where
 * it can be written.
 *
 * Otherwise what people change in Kradle would look as if it got there, and never would. A
 * provider that is not there yet is a matter of the reference's condition, so that a folder can
 * be applied in any order; an interface that stays as it was is not judged again, so that a
 * binding can still be paused after its provider has changed.
 */
export default rule({
  kinds: [ExternalBackendBinding],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R169', 'R170', 'R173'],
  background: 'always',
  watches: [ExternalBackendProvider, ExternalProviderCapabilityManifest],
  lookups: request => {
    const name = textOf(request.object.spec['providerRef'])
    if (name === '' || judged(request).length === 0) return []
    const { namespace } = request
    // A manifest that was written a moment before is found where it goes by the provider's name.
    return [
      { kind: ExternalBackendProvider, name, namespace, fresh: 'on-miss' },
      { kind: ExternalProviderCapabilityManifest, name, namespace, fresh: 'on-miss' },
    ]
  },
  decide(request, cluster) {
    const asked = judged(request)
    if (asked.length === 0) return allow
    const name = textOf(request.object.spec['providerRef'])
    const provider = cluster.get(ExternalBackendProvider, name, request.namespace)
    if (!provider) return allow
    const manifests = cluster.list(ExternalProviderCapabilityManifest, request.namespace)
    return asked.flatMap(([field, settings]) => faults({ provider, manifests }, field, settings))
  },
})

/** The interfaces that this write enables or changes. */
function judged({ object, oldObject }: Request): [Interface, Untyped][] {
  const now = mapOf(object.spec['interfaces'])
  const before = mapOf(oldObject?.spec['interfaces'])
  return interfaces.flatMap((name): [Interface, Untyped][] => {
    const settings = now[name]
    if (!isMap(settings) || settings['enabled'] === false || jsonEqual(settings, before[name]))
      return []
    return [[name, settings]]
  })
}

function faults(known: Known, name: Interface, settings: Untyped): readonly Finding[] {
  const { metadata, spec } = known.provider
  const provider = `ExternalBackendProvider "${metadata.name}" of type "${spec.providerType}"`
  const writes = writesOf(known, name)
  const field = `spec.interfaces.${name}`
  if (!writes)
    return deny({
      rule: 'R169',
      field: `${field}.enabled`,
      value: true,
      problem: `enables an interface that ${provider} does not have`,
      fix: `take ${name} away, or declare it in an ExternalProviderCapabilityManifest of the provider`,
    })
  const refused = (path: string, mode: unknown, lacking: string) =>
    deny({
      rule: 'R170',
      field: `${field}.${path}`,
      value: mode,
      problem: `needs ${lacking}, and ${provider} can write ${writes.join(', ') || 'nothing'} there`,
      fix: 'choose mirror or external-owned, or declare the operation in an ExternalProviderCapabilityManifest of the provider',
    })
  const mode = settings['mode']
  const own = publishing[name]
  return [
    ...(mode === 'kradle-owned' && !writes.includes(own)
      ? refused('mode', mode, `operation ${own}`)
      : []),
    ...(mode === 'bidirectional' && writes.length === 0
      ? refused('mode', mode, 'an operation that writes')
      : []),
    ...listOf(settings['resourceModes']).flatMap((entry, index) => {
      const single = mapOf(entry)['mode']
      return (single === 'kradle-owned' || single === 'bidirectional') && writes.length === 0
        ? refused(`resourceModes[${index}].mode`, single, 'an operation that writes')
        : []
    }),
  ]
}
