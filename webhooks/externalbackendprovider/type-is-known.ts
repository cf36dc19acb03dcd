import {
  ExternalBackendProvider,
  ExternalProviderCapabilityManifest,
} from '#src/api/external-backends/v1alpha1.ts'
import { textOf } from '#src/permissions/untyped.ts'
import { descriptorOf, shippedTypes } from '#src/providers/registry.ts'
import { allow, deny, rule, type Request } from '#webhooks/rule.ts'

/**
 * A provider is of a type that somebody has described: Kradle, or a manifest of the organisation.
 *
 * The types are data and no enum, so the schema cannot tell. Otherwise a slip of the pen would
 * wait for an adapter that never comes. `custom` brings an adapter of its own; that it names one
 * is in the schema. Judged at creation alone, as the type never changes, and a manifest may go.
 */
export default rule({
  kinds: [ExternalBackendProvider],
  operations: ['CREATE'],
  enforces: ['R168', 'R189'],
  background: 'always',
  watches: [ExternalProviderCapabilityManifest],
  // A manifest that was written a moment before is found where it goes by either name.
  lookups: request =>
    isPlain(request)
      ? []
      : [...new Set([request.name, typeOf(request)])]
          .filter(name => name !== '')
          .map(name => ({
            kind: ExternalProviderCapabilityManifest,
            name,
            namespace: request.namespace,
            fresh: 'on-miss' as const,
          })),
  decide(request, cluster) {
    if (isPlain(request)) return allow
    const type = typeOf(request)
    const declared = cluster
      .list(ExternalProviderCapabilityManifest, request.namespace)
      .some(({ spec }) => spec.providerType === type)
    if (declared) return allow
    return deny({
      rule: 'R168',
      field: 'spec.providerType',
      value: type,
      problem:
        'is no type of the provider registry, and no manifest of the organisation declares it',
      fix: `choose one of ${shippedTypes.join(', ')}, or custom with an adapterRef, or create an ExternalProviderCapabilityManifest with providerType: ${type} first`,
    })
  },
})

const typeOf = ({ object }: Request): string => textOf(object.spec['providerType'])

/** Nothing has to be looked up. Without a type: the schema says so better. */
function isPlain(request: Request): boolean {
  const type = typeOf(request)
  return type === '' || type === 'custom' || descriptorOf(type) !== undefined
}
