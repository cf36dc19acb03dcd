import t from 'tap'
import type { KubernetesObject } from '#src/api/object.ts'
import { accountFor, accountLookups, accountNameOf } from '#src/controllers/grants/agent-account.ts'
import { cluster } from '#test/fixtures.ts'
import { agentAccount, agentStack, roleBinding, serviceAccount } from '#test/fixtures-agents.ts'

const ofAccount = roleBinding()
const ofStack = roleBinding({ subject: { kind: 'agent-stack', name: 'mender' } })
const stack = agentStack('mender', 'repairer')
const reasonOf = (binding: typeof ofAccount, ...objects: KubernetesObject[]) => {
  const { account, condition } = accountFor(binding, cluster(...objects))
  return [account, condition.status, condition.reason]
}

t.test('is the account of that name, or that of the stack', async t => {
  t.equal(accountNameOf(ofAccount, cluster()), 'repairer')
  t.equal(accountNameOf(ofStack, cluster(stack)), 'repairer')
  t.equal(accountNameOf(ofStack, cluster()), undefined)
  t.match(accountLookups(ofStack, cluster(stack)), [{ name: 'repairer' }])
  t.strictSame(accountLookups(ofStack, cluster()), [])
})

t.test('counts only when it is the one that Kradle made', async t => {
  const all = [stack, agentAccount(), serviceAccount()]
  for (const binding of [ofAccount, ofStack])
    t.strictSame(reasonOf(binding, ...all), ['repairer', 'True', 'Resolved'])
  t.strictSame(reasonOf(ofStack), [undefined, 'False', 'AgentStackMissing'])
  t.strictSame(reasonOf(ofAccount, serviceAccount()), [
    undefined,
    'False',
    'AgentServiceAccountMissing',
  ])
  t.strictSame(reasonOf(ofAccount, agentAccount()), [undefined, 'False', 'ServiceAccountMissing'])
  const foreign = serviceAccount('repairer', {}, { labels: {} })
  t.strictSame(reasonOf(ofAccount, agentAccount(), foreign), [
    undefined,
    'False',
    'ServiceAccountNotOurs',
  ])
})
