import t from 'tap'
import { consumerOf, nameOf } from '#src/permissions/consumer.ts'
import { cluster } from '#test/fixtures.ts'
import { account, namespace, podAt, podSpec, runMetadata } from '#test/fixtures-grants.ts'

const untrusted = runMetadata({ labels: { 'kradle.a5c.ai/trust-tier': 'untrusted' } })

t.test('a Pod with run facts is of an agent, whatever its account', async t => {
  t.match(consumerOf(podAt({ containers: [] }), namespace, cluster()), {
    namespace,
    account: 'default',
    isAgent: true,
    isUntrusted: false,
    facts: { stack: 'repairer' },
  })
  t.match(consumerOf(podAt(podSpec(), untrusted), namespace, cluster()), { isUntrusted: true })
})

t.test('a Pod under the account of an agent is untrusted without facts', async t => {
  t.match(consumerOf(podAt(podSpec(), {}), namespace, cluster(account())), {
    account: 'repairer-account',
    isAgent: true,
    isUntrusted: true,
  })
  const elsewhere = account({}, { namespace: 'kradle-org-globex' })
  t.match(consumerOf(podAt(podSpec(), {}), namespace, cluster(elsewhere)), { isAgent: false })
})

t.test('every other Pod belongs to people, and is not untrusted', async t => {
  t.match(consumerOf(podAt(podSpec(), {}), namespace, cluster()), {
    isAgent: false,
    isUntrusted: false,
  })
})

t.test('has a name for messages', async t => {
  const known = cluster(account())
  const name = (...of: Parameters<typeof podAt>) =>
    nameOf(consumerOf(podAt(...of), namespace, known))
  t.equal(name(), 'agents under account "repairer-account" for stack "repairer"')
  t.equal(name(podSpec(), {}), 'agents under account "repairer-account"')
  t.equal(name({}, {}), 'what people run under account "default"')
})
