import t from 'tap'
import controller from '#src/controllers/identity/orgnamespacebinding.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { binding, cluster, organization, tenant } from '#test/fixtures.ts'

const look = (...objects: KubernetesObject[]) =>
  controller.reconcile(binding(), cluster(...objects)).status

t.test('is bound when both ends are there', async t => {
  t.match(look(organization(), tenant()), {
    phase: 'Bound',
    conditions: [{ status: 'True', reason: 'Bound' }],
  })
})

t.test('says which end is missing', async t => {
  t.match(look(tenant()), { conditions: [{ status: 'False', reason: 'OrganizationMissing' }] })
  t.match(look(organization()), { conditions: [{ status: 'False', reason: 'NamespaceMissing' }] })
  const foreign = tenant('acme', { labels: {} })
  t.match(look(organization(), foreign), { conditions: [{ reason: 'NamespaceMissing' }] })
})

t.test('looks again when an end changes', async t => {
  const acme = [{ name: 'acme', namespace: 'kradle-system' }]
  const [organizations, namespaces] = controller.watches
  t.strictSame(organizations?.toOwners(organization(), cluster()), acme)
  t.strictSame(namespaces?.toOwners(tenant(), cluster()), acme)
  t.strictSame(namespaces?.toOwners({ ...tenant(), metadata: { name: 'default' } }, cluster()), [])
})
