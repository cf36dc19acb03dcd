import t from 'tap'
import type { User } from '#src/api/identity/v1alpha1.ts'
import { personasOf, roleOf, subjectsOf } from '#src/controllers/identity/personas.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { cluster, now, team } from '#test/fixtures.ts'
import { invite, mapping, user } from '#test/fixtures-identity.ts'

const going = { deletionTimestamp: now.toISOString() }
const admin = user('jane', { spec: { admin: true } })
const maintained = team('acme', { spec: { maintainers: ['jane'] } })
const joined = team('acme', { spec: { members: ['jane'] } })
const accepted = (spec: object = {}, metadata: object = {}) =>
  invite('x', { metadata, spec: { acceptedBy: 'jane', ...spec } })

const cases: Record<string, [User, KubernetesObject[], string[]]> = {
  'nobody declared anything': [user(), [team()], []],
  'the flag makes an admin': [admin, [], ['admin']],
  'a team maintained makes a maintainer': [user(), [maintained], ['maintainer']],
  'a team joined makes a member': [user(), [joined], ['member']],
  'an invite makes what it says': [user(), [accepted({ role: 'admin' })], ['admin']],
  'or a member': [user(), [accepted()], ['member']],
  'all that applies counts': [admin, [maintained, accepted()], ['admin', 'maintainer', 'member']],
  'an invite of somebody else makes nothing': [user(), [accepted({ acceptedBy: 'bob' })], []],
  'nor one that nobody accepted': [user(), [invite()], []],
  'nor one that was revoked': [user(), [accepted({ revoked: true })], []],
  'nor one that is going': [user(), [accepted({}, going)], []],
  'nor a team of another organisation': [
    user(),
    [team('globex', { spec: { members: ['jane'] } })],
    [],
  ],
  'nor a team that is going': [
    user(),
    [team('acme', { metadata: going, spec: { members: ['jane'] } })],
    [],
  ],
  'whoever is suspended is nobody': [
    user('jane', { spec: { admin: true, signInState: 'suspended' } }),
    [joined],
    [],
  ],
  'nor whoever is going': [user('jane', { metadata: going, spec: { admin: true } }), [], []],
}
for (const [name, [who, others, want]] of Object.entries(cases))
  t.test(name, async t => {
    t.strictSame(personasOf(who, cluster(who, ...others)), want)
  })

t.test('a persona is a ClusterRole', async t => {
  t.equal(roleOf('admin'), 'kradle-admin')
})

t.test(
  'the User is every Kubernetes account mapped to him, unless it is an older one of somebody else',
  async t => {
    const at = (creationTimestamp: string) => ({ creationTimestamp })
    const objects = [
      mapping('b', { spec: { user: 'jane', subject: 'jane@home' } }),
      mapping('a', { spec: { user: 'jane', subject: 'jane@corp' } }),
      mapping('again', { spec: { user: 'jane', subject: 'jane@corp' } }),
      mapping('github', { spec: { user: 'jane', provider: 'github', subject: 'j' } }),
      mapping('bob'),
      mapping('gone', { metadata: going, spec: { user: 'jane', subject: 'jane@old' } }),
      mapping('forged', { spec: { user: 'jane', subject: 'system:admin' } }),
      mapping('late', {
        metadata: at('2026-11-20T13:00:00Z'),
        spec: { user: 'jane', subject: 'bob' },
      }),
    ]
    t.strictSame(subjectsOf(user(), cluster(...objects)), {
      subjects: ['jane@corp', 'jane@home'],
      taken: ['bob'],
    })
    t.strictSame(subjectsOf(user('eve'), cluster(...objects)), { subjects: [], taken: [] })
  },
)
