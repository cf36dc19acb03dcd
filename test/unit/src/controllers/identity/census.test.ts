import t from 'tap'
import { census, censusOf } from '#src/controllers/identity/census.ts'

const counted = (used?: Record<string, string>) => ({
  ...census('kradle-org-acme'),
  ...(used && { status: { used } }),
})
const used = (roleBindings: string, pods: string, secrets: string) => ({
  'count/rolebindings.rbac.authorization.k8s.io': roleBindings,
  'count/pods': pods,
  'count/secrets': secrets,
})

t.test('asks for RoleBindings, Pods and Secrets, and limits none of them', async t => {
  t.match(census('kradle-org-acme'), {
    metadata: { namespace: 'kradle-org-acme' },
    spec: { hard: used('1000000', '1000000', '1000000') },
  })
})

t.test('knows nothing before everything is counted', async t => {
  t.equal(censusOf(undefined), undefined)
  t.equal(censusOf(counted()), undefined)
  t.equal(censusOf(counted({ 'count/pods': '0' })), undefined)
})

t.test('says what it found', async t => {
  t.strictSame(censusOf(counted(used('0', '0', '0'))), { total: 0, text: '' })
  t.strictSame(censusOf(counted(used('2', '0', '1'))), {
    total: 3,
    text: '2 RoleBindings, 1 Secret',
  })
})
