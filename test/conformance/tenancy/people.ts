import { kradle } from '../runner/objects.ts'
import type { Stage } from '../runner/stage.ts'
import { step, type Scenario } from '../scenario.ts'

const create = ['create', '-f', '-']
const can = (...what: string[]) => ['auth', 'can-i', ...what]

/** The account that nobody but Kradle binds. */
const jo = (on: Stage) => on.person('jo')

export const people: Scenario = {
  name: 'tenancy/people',
  title: 'Users, Teams and mappings decide who may what; nobody gives more by hand',
  rows: [11],
  rules: ['R42', 'R46'],
  steps: [
    step('who is in no Team is refused by RBAC', on =>
      on.isRefused([...create, '--dry-run=server'], {
        as: jo(on),
        input: kradle('Selector', 'mine', { kinds: ['Issue'] }),
        says: ['(Forbidden)', `User "${jo(on)}" cannot create resource "selectors"`],
      }),
    ),
    step('an admin makes a User, and it says what is missing', async on => {
      const spec = { displayName: 'Jo', email: 'jo@example.com' }
      await on.does(create, { as: on.person('ada'), input: kradle('User', 'jo', spec) })
      await on.comes(
        ['get', 'user', 'jo', '-o', 'jsonpath={.status.conditions[?(@.type=="Ready")].message}'],
        { says: 'No IdentityMapping with provider "kubernetes" names the User; create one' },
      )
    }),
    step('with a mapping and a Team there is a RoleBinding', async on => {
      const mapping = { user: 'jo', provider: 'kubernetes', subject: jo(on) }
      const team = { displayName: 'Core', members: ['jo'] }
      await on.does(create, {
        as: on.person('ada'),
        input: [kradle('IdentityMapping', 'jo', mapping), kradle('Team', 'core', team)],
      })
      await on.comes(['get', 'rolebinding', 'kradle-member-jo', '-o', 'wide'], {
        says: `kradle-member-jo ClusterRole/kradle-member ... ${jo(on)}`,
      })
    }),
    step('and the account may what a member may', async on => {
      await on.comes(can('create', 'agentstacks.kradle.a5c.ai'), { as: jo(on), says: 'yes' })
      await on.isRefused(can('create', 'pods'), { as: jo(on), says: 'no' })
      await on.isRefused(can('get', 'secrets'), { as: jo(on), says: 'no' })
      await on.comes([...create, '--dry-run=server'], {
        as: jo(on),
        input: kradle('Selector', 'mine', { kinds: ['Issue'] }),
      })
    }),
    step('nowhere else', on =>
      on.isRefused([...can('list', 'teams.kradle.a5c.ai'), '-n', on.otherNamespace], {
        as: jo(on),
        says: 'no',
      }),
    ),
    step('one account is one person', on =>
      on.isSoonRefused(create, {
        as: on.person('ada'),
        input: kradle('IdentityMapping', 'joan', {
          user: 'joan',
          provider: 'kubernetes',
          subject: jo(on),
        }),
        says: `spec.subject: "${jo(on)}" is mapped to User "jo" by IdentityMapping "jo"; delete that one first, or write user: jo [R42 identitymapping/subject-is-unique]`,
      }),
    ),
    step('an admin of the organisation makes no RoleBindings by hand', on =>
      on.isRefused(
        ['create', 'rolebinding', 'more', '--clusterrole=kradle-admin', `--user=${jo(on)}`],
        { as: on.person('ada'), says: 'cannot create resource "rolebindings"' },
      ),
    ),
    step('who leaves the Team loses it', async on => {
      const nobody = JSON.stringify({ spec: { members: null } })
      const args = ['patch', 'team', 'core', '--type=merge', '-p', nobody]
      await on.does(args, { as: on.person('ada') })
      await on.does(['wait', '--for=delete', 'rolebinding/kradle-member-jo', '--timeout=30s'])
      await on.isSoonRefused(can('create', 'agentstacks.kradle.a5c.ai'), {
        as: jo(on),
        says: 'no',
      })
    }),
  ],
}
