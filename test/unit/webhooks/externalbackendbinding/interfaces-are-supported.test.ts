import t from 'tap'
import {
  ExternalBackendBinding,
  ExternalBackendProvider,
  ExternalProviderCapabilityManifest,
} from '#src/api/external-backends/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/externalbackendbinding/interfaces-are-supported.ts'

const namespace = 'kradle-org-acme'
const provider = (providerType: string, slug = 'acme') =>
  objectOf(ExternalBackendProvider, {
    metadata: { name: 'backend', namespace: `kradle-org-${slug}` },
    spec: {
      organizationRef: slug,
      providerType,
      endpoint: 'https://example.com',
      discovery: { enabled: true, interval: '24h' },
      paused: false,
    },
  })
const binding = (interfaces: unknown, providerRef: unknown = 'backend', paused = false) =>
  objectOf(ExternalBackendBinding, {
    metadata: { name: 'app', namespace },
    spec: {
      organizationRef: 'acme',
      providerRef,
      credentialRef: 'forge-credentials',
      interfaces,
      paused,
    } as ExternalBackendBinding['spec'],
  })
const create = (...args: Parameters<typeof binding>) =>
  request('CREATE', ExternalBackendBinding, binding(...args))
const on = (mode: string, ...resourceModes: { kind: string; mode: string }[]) => ({
  enabled: true,
  mode,
  resourceModes,
})

t.test('passes what the provider has, in every mode', async t => {
  for (const mode of ['mirror', 'bidirectional', 'external-owned', 'kradle-owned']) {
    const write = create({
      issueTracking: on(mode),
      cicd: on(mode),
      gitForge: on(mode, { kind: 'Repository', mode: 'bidirectional' }),
    })
    t.strictSame(rule.decide(write, cluster(provider('github'))), [], mode)
  }
  t.match(rule.lookups(create({ cicd: on('mirror') })), [
    { kind: ExternalBackendProvider, name: 'backend', namespace, fresh: 'on-miss' },
    { kind: ExternalProviderCapabilityManifest, name: 'backend', namespace, fresh: 'on-miss' },
  ])
})

t.test('has nothing to say where nothing is enabled, or the schema says it better', async t => {
  for (const interfaces of [
    undefined,
    'all',
    {},
    { gitForge: null },
    { gitForge: { enabled: false, mode: 'kradle-owned' } },
  ]) {
    t.strictSame(rule.lookups(create(interfaces)), [])
    t.strictSame(rule.decide(create(interfaces), cluster(provider('jira'))), [])
  }
  t.strictSame(rule.lookups(create({ gitForge: on('mirror') }, 7)), [])
  t.strictSame(rule.decide(create({ gitForge: on('mirror') }, 7), cluster()), [])
})

t.test('leaves a provider that is not there to the condition', async t => {
  const write = create({ gitForge: on('kradle-owned') })
  t.strictSame(rule.decide(write, cluster()), [])
  t.strictSame(rule.decide(write, cluster(provider('jira', 'globex'))), [])
})

t.test('refuses interfaces that the provider does not have, each of them', async t => {
  const write = create({ issueTracking: on('mirror'), cicd: on('mirror'), gitForge: on('mirror') })
  t.match(rule.decide(write, cluster(provider('jira'))), [
    {
      rule: 'R169',
      field: 'spec.interfaces.cicd.enabled',
      value: true,
      problem: /ExternalBackendProvider "backend" of type "jira" does not have/,
    },
    { rule: 'R169', field: 'spec.interfaces.gitForge.enabled' },
  ])
  t.equal(rule.decide(write, cluster(provider('jira'))).length, 2)
})

t.test('refuses that Kradle leads where its objects cannot get', async t => {
  t.match(rule.decide(create({ cicd: on('kradle-owned') }), cluster(provider('jenkins'))), [
    {
      rule: 'R170',
      field: 'spec.interfaces.cicd.mode',
      value: 'kradle-owned',
      problem: /needs operation createCheck, .* can write rerunPipeline, cancelPipeline there/,
    },
  ])
  t.strictSame(rule.decide(create({ cicd: on('bidirectional') }), cluster(provider('jenkins'))), [])
})

t.test('refuses every mode that writes where nothing can be written', async t => {
  const manifest = objectOf(ExternalProviderCapabilityManifest, {
    metadata: { name: 'manifest', namespace },
    spec: {
      organizationRef: 'acme',
      providerRef: 'backend',
      supportsGraphql: false,
      supportsRest: true,
      capabilities: { gitForge: { operations: [] } },
    },
  })
  const found = rule.decide(
    create({
      gitForge: on(
        'bidirectional',
        { kind: 'Repository', mode: 'mirror' },
        { kind: 'PullRequest', mode: 'kradle-owned' },
        { kind: 'Review', mode: 'bidirectional' },
      ),
    }),
    cluster(provider('github'), manifest),
  )
  t.match(found, [
    { rule: 'R170', field: 'spec.interfaces.gitForge.mode', problem: /can write nothing there/ },
    {
      rule: 'R170',
      field: 'spec.interfaces.gitForge.resourceModes[1].mode',
      value: 'kradle-owned',
    },
    { rule: 'R170', field: 'spec.interfaces.gitForge.resourceModes[2].mode' },
  ])
  t.equal(found.length, 3)
})

t.test(
  'judges what changes, so that a binding can be paused whatever its provider became',
  async t => {
    const interfaces = { issueTracking: on('mirror'), gitForge: on('mirror') }
    const update = (before: unknown) =>
      request(
        'UPDATE',
        ExternalBackendBinding,
        binding(interfaces, 'backend', true),
        binding(before),
      )
    t.strictSame(rule.decide(update(interfaces), cluster(provider('jira'))), [])
    t.strictSame(rule.lookups(update(interfaces)), [])
    t.match(
      rule.decide(
        update({ gitForge: { ...on('mirror'), enabled: false } }),
        cluster(provider('jira')),
      ),
      [{ rule: 'R169', field: 'spec.interfaces.gitForge.enabled' }],
    )
  },
)
