import t from 'tap'
import { ServiceAccount } from '#src/api/core/v1.ts'
import { AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import { LABEL_MANAGED_BY, LABEL_OWNER_UID } from '#src/api/names.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/agentserviceaccount/account-is-free.ts'

const namespace = 'kradle-org-acme'
const claim = (name: string) =>
  request(
    'CREATE',
    AgentServiceAccount,
    objectOf(AgentServiceAccount, {
      metadata: { name, namespace },
      spec: {
        organizationRef: 'acme',
        namespace,
        serviceAccountName: name,
        purpose: 'agent',
        automountServiceAccountToken: false,
      },
    }),
  )
const account = (labels: Record<string, string> = {}) =>
  objectOf(ServiceAccount, { metadata: { name: 'builder', namespace, labels } })

t.test('claims a name that is free, or an account that Kradle made before', async t => {
  t.strictSame(rule.decide(claim('builder'), cluster()), [])
  const ours = account({ [LABEL_MANAGED_BY]: 'kradle', [LABEL_OWNER_UID]: 'uid' })
  t.strictSame(rule.decide(claim('builder'), cluster(ours)), [])
  t.match(rule.lookups(claim('builder')), [{ name: 'builder', namespace, fresh: 'live' }])
})

t.test('refuses the account of somebody else', async t => {
  for (const labels of [{}, { [LABEL_MANAGED_BY]: 'kradle' }, { [LABEL_OWNER_UID]: 'uid' }])
    t.match(rule.decide(claim('builder'), cluster(account(labels))), [
      { rule: 'R43', field: 'spec.serviceAccountName', value: 'builder' },
    ])
})

t.test('leaves a missing name to the schema', async t => {
  t.strictSame(rule.lookups(claim('')), [])
  t.strictSame(rule.decide(claim(''), cluster()), [])
})
