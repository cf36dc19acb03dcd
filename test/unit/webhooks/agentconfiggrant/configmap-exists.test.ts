import t from 'tap'
import { ConfigMap } from '#src/api/core/v1.ts'
import { AgentConfigGrant } from '#src/api/identity/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/agentconfiggrant/configmap-exists.ts'

const namespace = 'kradle-org-acme'
const metadata = { name: 'provider', namespace }
const grant = (configMapRef: unknown = { name: 'provider', keys: ['policy.json'] }) =>
  objectOf(AgentConfigGrant, {
    metadata: { name: 'grant', namespace },
    spec: { organizationRef: 'acme', configMapRef },
  } as unknown as Omit<AgentConfigGrant, 'apiVersion' | 'kind'>)
const secret = objectOf(ConfigMap, { metadata })
const create = request('CREATE', AgentConfigGrant, grant())

t.test('passes where the ConfigMap is there, of which it sees the metadata only', async t => {
  t.strictSame(rule.decide(create, cluster(secret)), [])
  t.strictSame(rule.lookups(create), [
    { kind: ConfigMap, name: 'provider', namespace, fresh: 'live', part: 'metadata' },
  ])
})

t.test('refuses where it is not', async t => {
  t.match(rule.decide(create, cluster()), [
    { rule: 'R51', field: 'spec.configMapRef.name', value: 'provider', problem: /kradle-org-acme/ },
  ])
})

t.test('looks at what is new only, and leaves what is malformed to the schema', async t => {
  const renamed = grant({ name: 'other', keys: [] })
  const update = request('UPDATE', AgentConfigGrant, grant(), grant({ name: 'provider', keys: [] }))
  t.strictSame(rule.decide(update, cluster()), [])
  t.strictSame(rule.lookups(update), [])
  t.equal(rule.decide(request('UPDATE', AgentConfigGrant, renamed, grant()), cluster()).length, 1)
  for (const ref of [undefined, null, 'provider', {}, { name: 7 }, { name: '' }]) {
    const odd = request('CREATE', AgentConfigGrant, grant(ref === undefined ? 0 : ref))
    t.strictSame(rule.lookups(odd), [])
    t.strictSame(rule.decide(odd, cluster()), [])
  }
})
