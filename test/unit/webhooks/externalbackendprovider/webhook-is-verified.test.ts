import t from 'tap'
import {
  ExternalBackendProvider,
  ExternalProviderCapabilityManifest,
} from '#src/api/external-backends/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/externalbackendprovider/webhook-is-verified.ts'

const namespace = 'kradle-org-acme'
const publicKeysUrl = 'https://example.com/keys'
const provider = (webhook: unknown, providerType = 'custom', name = 'forge') =>
  objectOf(ExternalBackendProvider, {
    metadata: { name, namespace },
    spec: { organizationRef: 'acme', providerType, webhook } as ExternalBackendProvider['spec'],
  })
const create = (...args: Parameters<typeof provider>) =>
  request('CREATE', ExternalBackendProvider, provider(...args))
const manifest = (
  webhookSignature: NonNullable<ExternalProviderCapabilityManifest['spec']['webhookSignature']>,
) =>
  objectOf(ExternalProviderCapabilityManifest, {
    metadata: { name: 'forge', namespace },
    spec: {
      organizationRef: 'acme',
      providerRef: 'forge',
      supportsGraphql: false,
      supportsRest: true,
      webhookSignature,
      capabilities: {},
    },
  })

t.test('has nothing to say where a Secret verifies, or nothing is taken', async t => {
  for (const webhook of [
    undefined,
    {},
    'on',
    { secretRef: { name: 'webhook-signing', key: 'secret' } },
    { secretRef: { name: 'webhook-signing', key: 'secret' }, publicKeysUrl },
  ]) {
    t.strictSame(rule.lookups(create(webhook)), [])
    t.strictSame(rule.decide(create(webhook), cluster()), [])
  }
})

t.test('passes published keys of a provider that signs with them', async t => {
  t.strictSame(rule.decide(create({ publicKeysUrl }), cluster(manifest('public-key'))), [])
  t.match(rule.lookups(create({ publicKeysUrl })), [{ name: 'forge', namespace, fresh: 'on-miss' }])
  t.strictSame(rule.lookups(create({ publicKeysUrl }, 'custom', '')), [])
})

for (const [who, type, manifests, problem] of [
  ['whose type signs otherwise', 'github', [], /type "github", which has hmac-sha256/],
  ['of which nothing is known', 'custom', [], /of whose signatures nothing is known/],
  ['whose manifest says none', 'custom', [manifest('none')], /which has none/],
] as const)
  t.test(`refuses published keys of a provider ${who}`, async t => {
    t.match(rule.decide(create({ publicKeysUrl }, type), cluster(...manifests)), [
      { rule: 'R171', field: 'spec.webhook.publicKeysUrl', value: publicKeysUrl, problem },
    ])
  })

t.test('judges what changes, not what stands', async t => {
  const update = (before: unknown) =>
    request(
      'UPDATE',
      ExternalBackendProvider,
      provider({ publicKeysUrl }, 'github'),
      provider(before, 'github'),
    )
  t.strictSame(rule.decide(update({ publicKeysUrl }), cluster()), [])
  t.match(rule.decide(update(undefined), cluster()), [{ rule: 'R171' }])
})
