import t from 'tap'
import {
  ExternalBackendProvider,
  ExternalProviderCapabilityManifest,
} from '#src/api/external-backends/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/externalbackendprovider/type-is-known.ts'

const namespace = 'kradle-org-acme'
const create = (providerType: unknown, name = 'forge') =>
  request(
    'CREATE',
    ExternalBackendProvider,
    objectOf(ExternalBackendProvider, {
      metadata: { name, namespace },
      spec: { organizationRef: 'acme', providerType } as ExternalBackendProvider['spec'],
    }),
  )
const manifest = (providerType: string | undefined, slug = 'acme') =>
  objectOf(ExternalProviderCapabilityManifest, {
    metadata: { name: 'forge', namespace: `kradle-org-${slug}` },
    spec: {
      organizationRef: slug,
      providerRef: 'forge',
      supportsGraphql: false,
      supportsRest: true,
      capabilities: {},
      ...(providerType !== undefined && { providerType }),
    },
  })

t.test('passes what is shipped, custom, and what the schema refuses, without a look', async t => {
  for (const type of ['github', 'jira', 'git', 'custom', '', undefined, 7]) {
    t.strictSame(rule.lookups(create(type)), [], String(type))
    t.strictSame(rule.decide(create(type), cluster()), [], String(type))
  }
})

t.test('passes a type that a manifest of the organisation declares', async t => {
  t.strictSame(rule.decide(create('sourcehut'), cluster(manifest('sourcehut'))), [])
})

t.test('looks for a manifest by the names of provider and type, each once', async t => {
  const read = (name: string) => ({ name, namespace, fresh: 'on-miss' })
  t.match(rule.lookups(create('sourcehut')), [read('forge'), read('sourcehut')])
  t.match(rule.lookups(create('sourcehut', 'sourcehut')), [read('sourcehut')])
  t.equal(rule.lookups(create('sourcehut', 'sourcehut')).length, 1)
  t.equal(rule.lookups(create('sourcehut', '')).length, 1)
})

for (const [where, objects] of [
  ['nowhere', []],
  ['in another organisation', [manifest('sourcehut', 'globex')]],
  ['as another type', [manifest('pagure')]],
  ['as no type', [manifest(undefined)]],
] as const)
  t.test(`refuses a type that is declared ${where}`, async t => {
    t.match(rule.decide(create('sourcehut'), cluster(...objects)), [
      {
        rule: 'R168',
        field: 'spec.providerType',
        value: 'sourcehut',
        problem: /no type of the provider registry/,
        fix: /github, gitlab, .*custom with an adapterRef.*providerType: sourcehut/,
      },
    ])
  })

t.test('the names of methods are no types', async t => {
  t.match(rule.decide(create('constructor'), cluster()), [{ rule: 'R168', value: 'constructor' }])
})
