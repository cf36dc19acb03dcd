import t from 'tap'
import { Secret, ServiceAccount } from '#src/api/core/v1.ts'
import { AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import { isAsLeftBy, isFor, projectedFor, removalOf } from '#src/lib/projection.ts'
import { agentAccount, appliedFields, serviceAccount } from '#test/fixtures-agents.ts'

t.test('what is projected belongs to its owner', async t => {
  const owner = agentAccount()
  const metadata = projectedFor(owner, AgentServiceAccount, 'repairer')
  t.strictSame(metadata, {
    name: 'repairer',
    namespace: 'kradle-org-acme',
    labels: {
      'kradle.a5c.ai/org': 'acme',
      'kradle.a5c.ai/owner-uid': 'uid-of-account-repairer',
    },
    ownerReferences: [
      {
        apiVersion: 'kradle.a5c.ai/v1alpha1',
        kind: 'AgentServiceAccount',
        name: 'repairer',
        uid: 'uid-of-account-repairer',
        controller: true,
      },
    ],
  })
  t.ok(isFor(owner, { apiVersion: 'v1', kind: 'ServiceAccount', metadata }))
  t.notOk(isFor(owner, serviceAccount('repairer', {}, { labels: {} })))
  t.notOk(isFor(owner, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'x' } }))
})

t.test('takes away exactly this object', async t => {
  t.strictSame(removalOf(ServiceAccount, serviceAccount('x', {}, { uid: 'u' })), {
    kind: ServiceAccount,
    name: 'x',
    namespace: 'kradle-org-acme',
    uid: 'u',
  })
  t.equal(removalOf(Secret, serviceAccount()).uid, undefined)
})

t.test('a field that somebody else took over is not as we left it', async t => {
  const withFields = (...managedFields: object[]) =>
    isAsLeftBy('grants-controller', serviceAccount('x', {}, { managedFields }), 'rules')
  t.ok(withFields({ manager: 'other' }, appliedFields('rules')))
  t.notOk(withFields(appliedFields('metadata')))
  t.notOk(withFields({ ...appliedFields('rules'), manager: 'kubectl-edit' }))
  t.notOk(withFields({ ...appliedFields('rules'), operation: 'Update' }))
  t.notOk(withFields({ manager: 'grants-controller', operation: 'Apply' }))
  t.notOk(isAsLeftBy('grants-controller', serviceAccount(), 'rules'))
})
