import t from 'tap'
import { deployments } from '#src/deployments.ts'

const grants = deployments([]).flatMap(({ name, grants: list }) =>
  list.map(grant => ({ name, ...grant })),
)

t.test('nobody may read or write Secrets except the one of the webhook, by name', async t => {
  const secrets = grants.filter(
    ({ kind, verbs }) => kind.plural === 'secrets' && verbs.join() !== 'create',
  )
  t.ok(secrets.length > 0)
  for (const { namespace, resourceNames } of secrets) {
    t.equal(namespace, 'kradle-system')
    t.strictSame(resourceNames, ['kradle-webhook-tls'])
  }
})

t.test('the webhook asks for rights of others, and writes nothing', async t => {
  const writes = grants.filter(
    ({ name, verbs }) =>
      name === 'webhook' && verbs.some(verb => !['get', 'list', 'watch'].includes(verb)),
  )
  t.strictSame(
    writes.map(({ kind, verbs }) => `${verbs.join()} ${kind.plural}`),
    ['create subjectaccessreviews'],
  )
})

t.test('nobody has verbs that lend rights, and nobody has everything', async t => {
  for (const { verbs } of grants)
    for (const verb of ['*', 'escalate', 'bind', 'impersonate']) t.notOk(verbs.includes(verb))
})

t.test('only the controller of a kind writes its status', async t => {
  const status = grants.filter(({ subresource }) => subresource === 'status')
  t.strictSame(
    status.map(({ name, kind }) => `${name} ${kind.plural}`),
    ['identity-controller organizations', 'identity-controller orgnamespacebindings'],
  )
})
