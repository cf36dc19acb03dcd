import t from 'tap'
import { standingOf, tenantReaderFor } from '#src/controllers/identity/tenant-reader.ts'
import { organization } from '#test/fixtures.ts'

const wanted = tenantReaderFor(organization())

t.test('binds webhook and grants-controller in one namespace', async t => {
  t.match(wanted, {
    metadata: { name: 'kradle-tenant-reader', namespace: 'kradle-org-acme' },
    roleRef: { kind: 'ClusterRole', name: 'kradle-tenant-reader' },
    subjects: [
      { kind: 'ServiceAccount', name: 'webhook', namespace: 'kradle-system' },
      { kind: 'ServiceAccount', name: 'grants-controller', namespace: 'kradle-system' },
    ],
  })
})

t.test('knows how what is there relates to it', async t => {
  const standing = (live?: Parameters<typeof standingOf>[0]) => standingOf(live, organization())
  t.equal(standing(), 'missing')
  t.equal(standing(wanted), 'ours')
  t.equal(standing({ ...wanted, metadata: { ...wanted.metadata, labels: {} } }), 'foreign')
  const { labels: _, ...bare } = wanted.metadata
  t.equal(standing({ ...wanted, metadata: bare }), 'foreign')
  t.equal(standing({ ...wanted, roleRef: { ...wanted.roleRef, name: 'admin' } }), 'replaced')
  t.equal(standing({ ...wanted, roleRef: { ...wanted.roleRef, kind: 'Role' } }), 'replaced')
})
