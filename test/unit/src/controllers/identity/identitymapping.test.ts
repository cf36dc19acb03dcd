import t from 'tap'
import controller, { holderOf } from '#src/controllers/identity/identitymapping.ts'
import { cluster, now } from '#test/fixtures.ts'
import { mapping, user } from '#test/fixtures-identity.ts'

const jane = mapping('jane', { spec: { subject: 'jane@corp' } })
const rival = (metadata: object = {}) =>
  mapping('eve', { metadata, spec: { subject: 'jane@corp' } })
const later = { creationTimestamp: '2026-11-20T12:00:01Z' }
const earlier = { creationTimestamp: '2026-11-20T11:59:59Z' }

t.test('is ready when its User exists and nobody else has the account', async t => {
  const { status } = controller.reconcile(jane, cluster(jane, user()))
  t.match(status, {
    phase: 'Ready',
    conditions: [
      { type: 'SubjectUnique', status: 'True' },
      { type: 'UserResolved', status: 'True' },
      { type: 'Ready', status: 'True', message: '"jane@corp" at kubernetes is User "jane"' },
    ],
  })
})

t.test('waits for its User', async t => {
  const { status } = controller.reconcile(jane, cluster(jane))
  t.match(status, {
    phase: 'Pending',
    conditions: [{}, {}, { type: 'Ready', status: 'False', reason: 'UserMissing' }],
  })
})

t.test('loses to an older mapping of the account to somebody else', async t => {
  const { status } = controller.reconcile(jane, cluster(jane, rival(earlier), user()))
  t.match(status, {
    phase: 'Blocked',
    conditions: [
      {
        type: 'SubjectUnique',
        status: 'False',
        reason: 'SubjectTaken',
        message: /"jane@corp" at kubernetes is User "eve" by the older mapping "eve"/,
      },
      {},
      { type: 'Ready', reason: 'SubjectTaken' },
    ],
  })
  t.match(controller.reconcile(jane, cluster(jane, rival(later), user())).status, {
    phase: 'Ready',
  })
})

t.test('a second mapping of the account to the same User is no harm', async t => {
  const again = mapping('again', {
    metadata: earlier,
    spec: { user: 'jane', subject: 'jane@corp' },
  })
  t.match(controller.reconcile(jane, cluster(jane, again, user())).status, { phase: 'Ready' })
})

t.test('the holder is the oldest, then the first by name, of those that stay', async t => {
  const holder = (...others: ReturnType<typeof mapping>[]) =>
    holderOf(jane, cluster(jane, ...others)).metadata.name
  t.equal(holder(), 'jane')
  t.equal(holder(rival(earlier)), 'eve')
  t.equal(holder(rival(later)), 'jane')
  t.equal(holder(rival()), 'eve')
  t.equal(holder(rival({ ...earlier, deletionTimestamp: now.toISOString() })), 'jane')
  t.equal(
    holder(
      mapping('eve', { metadata: earlier, spec: { provider: 'github', subject: 'jane@corp' } }),
    ),
    'jane',
  )
  t.equal(
    holder(mapping('eve', { slug: 'globex', metadata: earlier, spec: { subject: 'jane@corp' } })),
    'jane',
  )
  t.equal(holderOf(jane, cluster()).metadata.name, 'jane', 'also while nothing shows it')
})

t.test('looks again when its User or a rival comes or goes', async t => {
  const [users, mappings] = controller.watches
  const key = (name: string) => ({ name, namespace: 'kradle-org-acme' })
  t.strictSame(users?.toOwners(user(), cluster(jane, rival())), [key('jane')])
  t.strictSame(mappings?.toOwners(rival(), cluster(jane, mapping('bob'))), [key('jane')])
})
