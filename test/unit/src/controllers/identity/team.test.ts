import t from 'tap'
import controller from '#src/controllers/identity/team.ts'
import { Repository } from '#src/api/data-plane/v1alpha1.ts'
import { User } from '#src/api/identity/v1alpha1.ts'
import { cluster, team } from '#test/fixtures.ts'
import { user } from '#test/fixtures-identity.ts'
import { thing } from '#test/fixtures-references.ts'

const core = team('acme', { spec: { maintainers: ['jane'], members: ['jane', 'bob'] } })

t.test('is ready when there is a User for every name', async t => {
  const { status } = controller.reconcile(core, cluster(user('jane'), user('bob')))
  t.match(status, {
    phase: 'Ready',
    conditions: [{ status: 'True' }, { type: 'Ready', status: 'True' }],
  })
  t.match(controller.reconcile(team(), cluster()).status, { phase: 'Ready' })
})

t.test('names who is missing, once', async t => {
  const { status } = controller.reconcile(core, cluster(user('jane', { slug: 'globex' })))
  t.match(status, {
    phase: 'Degraded',
    conditions: [
      { type: 'MembersResolved', reason: 'UserMissing', message: 'There is no User "jane", "bob"' },
      { type: 'Ready', status: 'False' },
    ],
  })
})

t.test('a permission on what does not exist is told, and leaves it Ready', async t => {
  const spec = { repositoryPermissions: [{ repository: 'app', permission: 'read' as const }] }
  const look = (...objects: Parameters<typeof cluster>) =>
    controller.reconcile(team('acme', { spec }), cluster(...objects)).status
  t.match(look(), {
    phase: 'Ready',
    conditions: [
      { type: 'MembersResolved', status: 'True' },
      { type: 'Ready', status: 'True' },
      {
        type: 'ReferencesResolved',
        status: 'False',
        reason: 'ReferenceMissing',
        message:
          /^spec\.repositoryPermissions\[0\]\.repository: Repository "app" does not exist; .*R33/,
      },
    ],
  })
  const app = thing('app', {}, {}, Repository)
  t.match(look(app)?.conditions[2], { type: 'ReferencesResolved', status: 'True' })
  const owners = (name: string) =>
    controller.watches
      .filter(({ kind }) => kind === Repository)
      .flatMap(watch =>
        watch.toOwners(thing(name, {}, {}, Repository), cluster(team('acme', { spec }))),
      )
  t.strictSame(owners('app'), [{ name: 'core', namespace: 'kradle-org-acme' }])
  t.strictSame(owners('web'), [])
})

t.test('looks again when a User of the team comes or goes', async t => {
  const users = controller.watches.find(({ kind }) => kind === User)
  const owners = (name: string) => users?.toOwners(user(name), cluster(core))
  t.strictSame(owners('bob'), [{ name: 'core', namespace: 'kradle-org-acme' }])
  t.strictSame(owners('eve'), [])
})
