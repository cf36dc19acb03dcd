import t from 'tap'
import { refusedBy, statusOf, syncOf } from '#src/controllers/identity/user-status.ts'
import type { User } from '#src/api/identity/v1alpha1.ts'
import type { ConditionInput } from '#src/lib/controller.ts'
import { cluster } from '#test/fixtures.ts'
import { mapping, user } from '#test/fixtures-identity.ts'

const synced = syncOf([], [])
const admin = user('jane', { spec: { admin: true } })
const suspended = user('jane', { spec: { signInState: 'suspended' } })
const older = mapping('bob', {
  metadata: { creationTimestamp: '2026-11-01T12:00:00Z' },
  spec: { subject: 'jane' },
})

t.test('says what is too much before it says what is not ours', async t => {
  t.match(synced, { status: 'True', reason: 'Synced' })
  t.match(syncOf(['kradle-admin-jane'], []), {
    status: 'False',
    reason: 'NotOurs',
    message: /RoleBinding "kradle-admin-jane" was made by somebody else/,
  })
  t.match(syncOf(['kradle-admin-jane'], ['User "eve" in RoleBinding "x"']), {
    status: 'False',
    reason: 'DriftEscalates',
    message: /Nobody declared User "eve" in RoleBinding "x"/,
  })
  t.match(refusedBy('a'.repeat(40_000)).message, /^The API server refused it: a{1000}$/)
})

const accounts = [mapping()]
const cases: Record<string, [User, object[], ConditionInput, string, string, RegExp]> = {
  'bound to what he is': [
    admin,
    accounts,
    synced,
    'Ready',
    'Projected',
    /bound to "kradle-admin"$/,
  ],
  'bound to nothing': [user(), accounts, synced, 'Ready', 'NoRole', /gives a role/],
  'nobody to Kubernetes': [admin, [], synced, 'Pending', 'IdentityUnmapped', /create one/],
  'somebody else to Kubernetes': [
    admin,
    [...accounts, older],
    synced,
    'Pending',
    'SubjectTaken',
    /gives "jane" to another User/,
  ],
  'suspended, mapped or not': [suspended, [], synced, 'Suspended', 'Suspended', /no role/],
  'refused by the API server': [
    admin,
    accounts,
    refusedBy('no'),
    'Degraded',
    'EscalationRefused',
    /refused it: no$/,
  ],
  'suspended, with something too much': [
    suspended,
    accounts,
    syncOf([], ['RoleBinding "evil"']),
    'Degraded',
    'DriftEscalates',
    /RoleBinding "evil"/,
  ],
}
for (const [name, [who, mappings, sync, phase, reason, message]] of Object.entries(cases))
  t.test(name, async t => {
    const status = statusOf(who, cluster(...(mappings as User[])), sync)
    t.equal(status.phase, phase)
    t.match(
      status.conditions.find(({ type }) => type === 'Ready'),
      { reason, message },
    )
    t.strictSame(status.conditions.map(({ type }) => type).toSorted(), [
      'IdentityMapped',
      'NativeBindingSynced',
      'Ready',
      'RolesProjected',
    ])
  })
