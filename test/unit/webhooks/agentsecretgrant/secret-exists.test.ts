import t from 'tap'
import { Secret } from '#src/api/core/v1.ts'
import { AgentSecretGrant } from '#src/api/identity/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/agentsecretgrant/secret-exists.ts'

const namespace = 'kradle-org-acme'
const metadata = { name: 'provider', namespace }
const grant = (secretRef: unknown = { name: 'provider', keys: ['api-key'] }) =>
  objectOf(AgentSecretGrant, {
    metadata: { name: 'grant', namespace },
    spec: { organizationRef: 'acme', secretRef },
  } as unknown as Omit<AgentSecretGrant, 'apiVersion' | 'kind'>)
const secret = objectOf(Secret, { metadata })
const create = request('CREATE', AgentSecretGrant, grant())

t.test('passes where the Secret is there, of which it sees the metadata only', async t => {
  t.strictSame(rule.decide(create, cluster(secret)), [])
  t.strictSame(rule.lookups(create), [
    { kind: Secret, name: 'provider', namespace, fresh: 'live', part: 'metadata' },
  ])
})

t.test('refuses where it is not', async t => {
  t.match(rule.decide(create, cluster()), [
    { rule: 'R51', field: 'spec.secretRef.name', value: 'provider', problem: /kradle-org-acme/ },
  ])
})

t.test('looks at what is new only, and leaves what is malformed to the schema', async t => {
  const renamed = grant({ name: 'other', keys: [] })
  const update = request('UPDATE', AgentSecretGrant, grant(), grant({ name: 'provider', keys: [] }))
  t.strictSame(rule.decide(update, cluster()), [])
  t.strictSame(rule.lookups(update), [])
  t.equal(rule.decide(request('UPDATE', AgentSecretGrant, renamed, grant()), cluster()).length, 1)
  for (const ref of [undefined, null, 'provider', {}, { name: 7 }, { name: '' }]) {
    const odd = request('CREATE', AgentSecretGrant, grant(ref === undefined ? 0 : ref))
    t.strictSame(rule.lookups(odd), [])
    t.strictSame(rule.decide(odd, cluster()), [])
  }
})
