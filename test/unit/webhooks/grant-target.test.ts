import t from 'tap'
import { ConfigMap, Secret } from '#src/api/core/v1.ts'
import { AgentSecretGrant } from '#src/api/identity/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import { targetExists, targetReads } from '#webhooks/grant-target.ts'

const namespace = 'kradle-org-acme'
const write = request('CREATE', AgentSecretGrant, {
  ...objectOf(AgentSecretGrant, {
    metadata: { name: 'grant', namespace },
    spec: { secretRef: { name: 'one' }, configMapRef: { name: 'two' } },
  } as unknown as Omit<AgentSecretGrant, 'apiVersion' | 'kind'>),
})

t.test('looks at the field it is told to, and for the kind', async t => {
  const secret = { kind: Secret, field: 'secretRef' } as const
  const configMap = { kind: ConfigMap, field: 'configMapRef' } as const
  t.match(targetReads(secret, write), [{ kind: Secret, name: 'one' }])
  t.match(targetReads(configMap, write), [{ kind: ConfigMap, name: 'two' }])
  const there = cluster(objectOf(Secret, { metadata: { name: 'one', namespace } }))
  t.strictSame(targetExists(secret, write, there), [])
  t.match(targetExists(configMap, write, there), [
    { field: 'spec.configMapRef.name', value: 'two' },
  ])
})

t.test('looks at what is new only, and leaves what is malformed to the schema', async t => {
  const secret = { kind: Secret, field: 'secretRef' } as const
  const grant = (secretRef: unknown) =>
    objectOf(AgentSecretGrant, {
      metadata: { name: 'grant', namespace },
      spec: { secretRef },
    } as unknown as Omit<AgentSecretGrant, 'apiVersion' | 'kind'>)
  const update = request('UPDATE', AgentSecretGrant, grant({ name: 'a' }), grant({ name: 'a' }))
  t.strictSame(targetReads(secret, update), [])
  t.strictSame(targetExists(secret, update, cluster()), [])
  for (const ref of [null, 'a', {}, { name: 7 }, { name: '' }])
    t.strictSame(targetReads(secret, request('CREATE', AgentSecretGrant, grant(ref))), [])
})
