import t from 'tap'
import controller from '#src/controllers/identity/team.ts'
import { cluster, team } from '#test/fixtures.ts'
import { user } from '#test/fixtures-identity.ts'

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

t.test('looks again when a User of the team comes or goes', async t => {
  const [users] = controller.watches
  const owners = (name: string) => users?.toOwners(user(name), cluster(core))
  t.strictSame(owners('bob'), [{ name: 'core', namespace: 'kradle-org-acme' }])
  t.strictSame(owners('eve'), [])
})
