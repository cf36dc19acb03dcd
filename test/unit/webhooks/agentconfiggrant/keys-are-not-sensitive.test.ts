import t from 'tap'
import { AgentConfigGrant } from '#src/api/identity/v1alpha1.ts'
import { objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/agentconfiggrant/keys-are-not-sensitive.ts'

const create = (configMapRef: unknown) =>
  request(
    'CREATE',
    AgentConfigGrant,
    objectOf(AgentConfigGrant, {
      metadata: { name: 'grant', namespace: 'kradle-org-acme' },
      spec: { organizationRef: 'acme', configMapRef },
    } as unknown as Omit<AgentConfigGrant, 'apiVersion' | 'kind'>),
  )

t.test('warns of keys that sound like secrets, by name', async t => {
  t.match(rule.decide(create({ name: 'x', keys: ['db-password', 'a.json', 'api-key', 7] })), [
    { type: 'warn', message: /"db-password", "api-key" sound like secrets/ },
  ])
})

t.test('says nothing of others', async t => {
  for (const ref of [{ keys: ['a.json'] }, { keys: 'token' }, {}, null, 0])
    t.strictSame(rule.decide(create(ref)), [])
})
