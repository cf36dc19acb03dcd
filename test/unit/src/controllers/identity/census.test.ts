import t from 'tap'
import { census, censusOf } from '#src/controllers/identity/census.ts'

const counted = (used?: Record<string, string>) => ({
  ...census('kradle-org-acme'),
  ...(used && { status: { used } }),
})
/** A complete count: so many of everything, but for what is said. */
const used = (each: string, besides: Record<string, string> = {}): Record<string, string> => ({
  ...Object.fromEntries(
    Object.keys(census('kradle-org-acme').spec?.hard ?? {}).map(resource => [resource, each]),
  ),
  ...besides,
})

t.test('counts rights, secrets and whatever runs or will, and limits none of it', async t => {
  const quota = census('kradle-org-acme')
  t.equal(quota.metadata.namespace, 'kradle-org-acme')
  t.match(quota.spec?.hard, {
    'count/rolebindings.rbac.authorization.k8s.io': '1000000',
    'count/pods': '1000000',
    'count/secrets': '1000000',
    'count/cronjobs.batch': '1000000',
    'count/deployments.apps': '1000000',
  })
})

t.test('knows nothing before everything is counted', async t => {
  t.equal(censusOf(undefined), undefined)
  t.equal(censusOf(counted()), undefined)
  t.equal(censusOf(counted({ 'count/pods': '0' })), undefined)
})

t.test('says what it found', async t => {
  t.strictSame(censusOf(counted(used('0'))), { total: 0, text: '' })
  const found = { 'count/rolebindings.rbac.authorization.k8s.io': '2', 'count/cronjobs.batch': '1' }
  t.strictSame(censusOf(counted(used('0', found))), {
    total: 3,
    text: '2 RoleBindings, 1 CronJob',
  })
})
