import t from 'tap'
import type { KubernetesObject } from '#src/api/object.ts'
import { isRepositoryAdmin } from '#src/permissions/ref-update/repository-admin.ts'
import { user } from '#test/fixtures-identity.ts'
import { cluster, team } from '#test/fixtures.ts'
import { namespace, permission } from '#test/fixtures-refs.ts'

const going = { deletionTimestamp: '2026-11-21T12:00:00Z' }
const dying = <T extends KubernetesObject>(object: T): T => ({
  ...object,
  metadata: { ...object.metadata, ...going },
})
const owners = (spec: object) => {
  const made = team('acme', { spec: { members: [], ...spec } })
  return { ...made, metadata: { ...made.metadata, name: 'owners', namespace } }
}
const ofOwners = permission({ subject: { kind: 'team', name: 'owners' } })
const given = [{ repository: 'app', permission: 'admin' }]

const cases: Record<string, [objects: KubernetesObject[], wanted: boolean]> = {
  'his own permission': [[user(), permission()], true],
  'no permission': [[user()], false],
  'a lesser one': [[user(), permission({ permission: 'write' })], false],
  'one on another repository': [[user(), permission({ repository: 'lib' })], false],
  "another User's": [[user(), permission({ subject: { kind: 'user', name: 'joe' } })], false],
  'one that is being deleted': [[user(), dying(permission())], false],
  'no such User': [[permission()], false],
  'a suspended User': [[user('jane', { spec: { signInState: 'suspended' } }), permission()], false],
  'a User who is being deleted': [[dying(user()), permission()], false],
  'a permission of his Team': [[user(), owners({ members: ['jane'] }), ofOwners], true],
  'a permission of a Team that he keeps': [
    [user(), owners({ members: undefined, maintainers: ['jane'] }), ofOwners],
    true,
  ],
  "another Team's": [[user(), owners({ members: ['joe'] }), ofOwners], false],
  'a Team of his name': [[user(), permission({ subject: { kind: 'team', name: 'jane' } })], false],
  'a Team that is being deleted': [[user(), dying(owners({ members: ['jane'] })), ofOwners], false],
  'what his Team says itself': [
    [user(), owners({ members: ['jane'], repositoryPermissions: given })],
    true,
  ],
  'what his Team says of another repository': [
    [
      user(),
      owners({
        members: ['jane'],
        repositoryPermissions: [
          { repository: 'lib', permission: 'admin' },
          { repository: 'app', permission: 'write' },
        ],
      }),
    ],
    false,
  ],
}
for (const [name, [objects, wanted]] of Object.entries(cases))
  t.test(name, async t => {
    t.equal(isRepositoryAdmin('jane', 'app', namespace, cluster(...objects)), wanted)
  })

t.test('nobody who is known', async t => {
  t.equal(isRepositoryAdmin(undefined, 'app', namespace, cluster(user(), permission())), false)
})
