import t from 'tap'
import type { ClusterRole, PolicyRule, Role } from '#src/api/rbac/v1.ts'
import type { AgentRoleBinding } from '#src/api/identity/v1alpha1.ts'
import { roleFor, roleLookups } from '#src/controllers/grants/agent-role.ts'
import { roleTemplates } from '#src/permissions/role-templates.ts'
import { cluster } from '#test/fixtures.ts'
import { roleBinding } from '#test/fixtures-agents.ts'

const api = { apiVersion: 'rbac.authorization.k8s.io/v1' }
const clusterRole = (...rules: PolicyRule[]): ClusterRole => ({
  ...api,
  kind: 'ClusterRole',
  metadata: { name: 'view' },
  rules,
})
const role = (...rules: PolicyRule[]): Role => ({
  ...api,
  kind: 'Role',
  metadata: { name: 'view', namespace: 'kradle-org-acme' },
  rules,
})
const to = (kind: AgentRoleBinding['spec']['roleRef']['kind'], name: string) =>
  roleBinding({ roleRef: { kind, name } })
const rule = (resource: string, verb = 'get'): PolicyRule => ({
  apiGroups: [''],
  resources: [resource],
  verbs: [verb],
})

t.test('a template is its rules', async t => {
  for (const [name, rules] of Object.entries(roleTemplates))
    t.match(roleFor(to('RoleTemplate', name), cluster()), {
      role: { type: 'rules', rules },
      condition: { type: 'RoleResolved', status: 'True', reason: 'Compiled' },
    })
  for (const name of ['root', 'constructor', 'toString'])
    t.match(roleFor(to('RoleTemplate', name), cluster()), {
      role: undefined,
      condition: { status: 'False', reason: 'RoleTemplateUnknown' },
    })
})

t.test('a template within repositories is what can be kept to them', async t => {
  const within = (name: string) =>
    roleFor(
      roleBinding({
        roleRef: { kind: 'RoleTemplate', name },
        scope: { kind: 'repository', repositories: ['web'] },
      }),
      cluster(),
    )
  t.match(within('ci-diagnoser'), {
    role: {
      rules: [
        {
          apiGroups: ['kradle.a5c.ai'],
          resources: ['repositories'],
          verbs: ['get', 'list', 'watch'],
          resourceNames: ['web'],
        },
      ],
    },
    condition: {
      status: 'True',
      reason: 'Narrowed',
      message: /repositories web; .*left out: get\/list\/watch /,
    },
  })
  t.match(within('approver'), {
    role: undefined,
    condition: { status: 'False', reason: 'NothingInScope' },
  })
  t.match(
    roleFor(roleBinding({ scope: { kind: 'repository' } }), cluster()),
    { role: undefined, condition: { reason: 'NothingInScope' } },
    'no repository is not every repository',
  )
})

t.test('a native role is itself', async t => {
  const native = { type: 'native', name: 'view' }
  t.match(roleFor(to('ClusterRole', 'view'), cluster(clusterRole(rule('pods')))), {
    role: { ...native, kind: 'ClusterRole' },
    condition: { status: 'True', reason: 'Found' },
  })
  t.match(roleFor(to('Role', 'view'), cluster(role(rule('pods')))), {
    role: { ...native, kind: 'Role' },
  })
  const { rules: _, ...empty } = role()
  t.match(roleFor(to('Role', 'view'), cluster(empty)), { condition: { reason: 'Found' } })
})

t.test('a native role that is missing or holds too much is none', async t => {
  t.match(roleFor(to('Role', 'view'), cluster(clusterRole(rule('pods')))), {
    role: undefined,
    condition: { reason: 'RoleMissing', message: 'Role "view" does not exist' },
  })
  for (const wrong of [clusterRole(rule('pods'), rule('secrets')), clusterRole(rule('*', '*'))])
    t.match(roleFor(to('ClusterRole', 'view'), cluster(wrong)), {
      role: undefined,
      condition: {
        status: 'False',
        reason: 'RoleForbidden',
        message: /(get secrets|\* \*); .*R44/,
      },
    })
})

t.test('native roles are read live', async t => {
  const [lookup] = roleLookups(to('ClusterRole', 'view'))
  t.match(lookup, { kind: { kind: 'ClusterRole' }, name: 'view', namespace: undefined })
  t.match(roleLookups(to('Role', 'view')), [{ name: 'view', namespace: 'kradle-org-acme' }])
  t.strictSame(roleLookups(to('RoleTemplate', 'readonly')), [])
})
