import t from 'tap'
import {
  ExternalBackendProvider,
  ExternalProviderCapabilityManifest,
} from '#src/api/external-backends/v1alpha1.ts'
import { signatureOf, writesOf } from '#src/providers/support.ts'
import { objectOf } from '#test/fixtures.ts'

const namespace = 'kradle-org-acme'
const provider = (
  providerType: string,
  capabilities?: ExternalBackendProvider['spec']['capabilities'],
) =>
  objectOf(ExternalBackendProvider, {
    metadata: { name: 'backend', namespace },
    spec: {
      organizationRef: 'acme',
      providerType,
      endpoint: 'https://example.com',
      discovery: { enabled: true, interval: '24h' },
      paused: false,
      ...(capabilities && { capabilities }),
    },
  })
const manifest = (spec: Partial<ExternalProviderCapabilityManifest['spec']>) =>
  objectOf(ExternalProviderCapabilityManifest, {
    metadata: { name: 'manifest', namespace },
    spec: {
      organizationRef: 'acme',
      providerRef: 'backend',
      supportsGraphql: false,
      supportsRest: true,
      capabilities: {},
      ...spec,
    },
  })
const operation = (name: string, write = true, supported = true) => ({
  name,
  write,
  supported,
  idempotency: 'none' as const,
  webhookConfirmation: false,
})
const forge = (...operations: ReturnType<typeof operation>[]) => ({ gitForge: { operations } })

t.test('a shipped type has what the registry says', async t => {
  t.strictSame(writesOf({ provider: provider('circleci'), manifests: [] }, 'cicd'), [
    'rerunPipeline',
    'cancelPipeline',
  ])
  t.equal(writesOf({ provider: provider('circleci'), manifests: [] }, 'gitForge'), undefined)
})

t.test(
  'a provider switches off what it does not want, and adds nothing to a shipped type',
  async t => {
    const manifests = [manifest({ interfaces: ['gitForge'] })]
    t.equal(
      writesOf({ provider: provider('github', { gitForge: false }), manifests }, 'gitForge'),
      undefined,
    )
    t.equal(
      writesOf({ provider: provider('jira', { gitForge: true }), manifests: [] }, 'gitForge'),
      undefined,
    )
  },
)

t.test(
  'of a type that nobody describes the word of the provider is enough for reading',
  async t => {
    t.strictSame(
      writesOf({ provider: provider('custom', { gitForge: true }), manifests: [] }, 'gitForge'),
      [],
    )
    t.equal(
      writesOf({ provider: provider('custom', { gitForge: true }), manifests: [] }, 'cicd'),
      undefined,
    )
  },
)

t.test('its own manifest adds interfaces, and replaces the operations that it lists', async t => {
  const jira = provider('jira')
  t.strictSame(
    writesOf({ provider: jira, manifests: [manifest({ interfaces: ['gitForge'] })] }, 'gitForge'),
    [],
  )
  t.strictSame(
    writesOf(
      { provider: jira, manifests: [manifest({ capabilities: { gitForge: {} } })] },
      'gitForge',
    ),
    [],
  )
  const github = provider('github')
  for (const [capabilities, writes] of [
    [forge(), []],
    [
      forge(
        operation('updateRef'),
        operation('listRefs', false),
        operation('createDeployKey', true, false),
      ),
      ['updateRef'],
    ],
  ] as const)
    t.strictSame(
      writesOf({ provider: github, manifests: [manifest({ capabilities })] }, 'gitForge'),
      writes,
    )
  t.ok(
    writesOf(
      { provider: github, manifests: [manifest({ capabilities: { gitForge: {} } })] },
      'gitForge',
    )?.includes('mergePullRequest'),
    'what lists no operations leaves those of the type',
  )
})

t.test(
  'a manifest of another provider counts where it declares the type, and only a type of the organisation',
  async t => {
    const others = (providerType?: string) => [
      manifest({
        providerRef: 'other',
        capabilities: forge(operation('updateRef')),
        webhookSignature: 'public-key',
        ...(providerType && { providerType }),
      }),
    ]
    const own = provider('sourcehut')
    t.strictSame(writesOf({ provider: own, manifests: others('sourcehut') }, 'gitForge'), [
      'updateRef',
    ])
    t.equal(writesOf({ provider: own, manifests: others() }, 'gitForge'), undefined)
    t.equal(
      writesOf({ provider: provider('jira'), manifests: others('jira') }, 'gitForge'),
      undefined,
    )
    t.equal(signatureOf({ provider: own, manifests: others('sourcehut') }), 'public-key')
    t.equal(signatureOf({ provider: provider('jira'), manifests: others('jira') }), 'hmac-sha256')
    const nearer = manifest({ capabilities: forge() })
    t.strictSame(
      writesOf({ provider: own, manifests: [...others('sourcehut'), nearer] }, 'gitForge'),
      [],
    )
  },
)

t.test('its own manifest says how deliveries are verified, then its type, then nobody', async t => {
  t.equal(
    signatureOf({
      provider: provider('github'),
      manifests: [manifest({}), manifest({ webhookSignature: 'public-key' })],
    }),
    'public-key',
  )
  t.equal(signatureOf({ provider: provider('gitlab'), manifests: [] }), 'shared-token')
  t.equal(signatureOf({ provider: provider('custom'), manifests: [] }), undefined)
})
