import {
  ExternalBackendProvider,
  ExternalProviderCapabilityManifest,
} from '#src/api/external-backends/v1alpha1.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { isMap, mapOf, textOf } from '#src/permissions/untyped.ts'
import { signatureOf } from '#src/providers/support.ts'
import { allow, deny, rule, type Request } from '#webhooks/rule.ts'

/**
 * Deliveries without a Secret are taken from providers alone that sign with published keys.
 *
 * That there is one or the other is in the schema. But a provider that signs with a shared
 * Secret, or not at all, has no keys to publish: whoever holds that address could then send
 * what he likes in its name.
 */
export default rule({
  kinds: [ExternalBackendProvider],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R171'],
  background: 'always',
  watches: [ExternalProviderCapabilityManifest],
  lookups: request =>
    keysOf(request) === '' || request.name === ''
      ? []
      : [
          {
            kind: ExternalProviderCapabilityManifest,
            name: request.name,
            namespace: request.namespace,
            fresh: 'on-miss',
          },
        ],
  decide(request, cluster) {
    const keys = keysOf(request)
    if (keys === '') return allow
    const provider = request.object as unknown as ExternalBackendProvider
    const signature = signatureOf({
      provider,
      manifests: cluster.list(ExternalProviderCapabilityManifest, request.namespace),
    })
    if (signature === 'public-key') return allow
    return deny({
      rule: 'R171',
      field: 'spec.webhook.publicKeysUrl',
      value: keys,
      problem: `is no way to verify deliveries of type "${provider.spec.providerType}", ${
        signature === undefined ? 'of whose signatures nothing is known' : `which has ${signature}`
      }`,
      fix: 'write spec.webhook.secretRef, or first create an ExternalProviderCapabilityManifest of the name of this provider with webhookSignature: public-key',
    })
  },
})

/** Where the published keys are, if nothing but them verifies and this write says so. */
function keysOf({ object, oldObject }: Request): string {
  const webhook = object.spec['webhook']
  if (isMap(mapOf(webhook)['secretRef'])) return ''
  if (oldObject && jsonEqual(webhook, oldObject.spec['webhook'])) return ''
  return textOf(mapOf(webhook)['publicKeysUrl'])
}
