import t from 'tap'
import { readDefinitions } from '#hack/gen/definitions.ts'
import { personas } from '#hack/gen/personas.ts'
import type { PolicyRule } from '#src/api/rbac/v1.ts'
import { permissionsOf, roleTemplates, textOf } from '#src/permissions/role-templates.ts'

const roles = new Map(
  personas(readDefinitions()).map(({ metadata, rules = [] }) => [metadata.name, rules]),
)
const rulesOf = (role: string): PolicyRule[] => roles.get(role) ?? []
const people = ['kradle-viewer', 'kradle-member', 'kradle-maintainer', 'kradle-admin']

/** Whether a role permits a verb on `group/resource`. */
const can = (role: string, verb: string, what: string): boolean =>
  rulesOf(role).some(({ verbs, apiGroups = [], resources = [] }) => {
    const [, group = '', resource = ''] = /^([^/]*)\/(.*)$/.exec(what) ?? []
    return verbs.includes(verb) && apiGroups.includes(group) && resources.includes(resource)
  })
/** The first of viewer, member, maintainer and admin who may; everybody after it may as well. */
const from = (verb: string, what: string): string | undefined => {
  const able = people.map(role => can(role, verb, what))
  const first = able.indexOf(true)
  if (first >= 0) t.ok(able.slice(first).every(Boolean), `${verb} ${what} is not lost`)
  return people[first]?.slice('kradle-'.length)
}

t.test('every role is shipped under its name, and labelled', async t => {
  t.strictSame([...roles.keys()], [...people, 'kradle-platform-admin', 'kradle-tenant-reader'])
  for (const { metadata } of personas([]))
    t.strictSame(metadata.labels, { 'app.kubernetes.io/part-of': 'kradle' })
})

const kradle = (plural: string) => `kradle.a5c.ai/${plural}`
const activity = (plural: string) => `activity.kradle.a5c.ai/${plural}`
const wanted: [who: string | undefined, verb: string, what: string][] = [
  ['viewer', 'watch', kradle('teams')],
  ['viewer', 'list', kradle('agentsecretgrants')],
  ['viewer', 'get', activity('pullrequests')],
  ['member', 'delete', kradle('agentstacks')],
  ['member', 'patch', activity('issues')],
  ['member', 'create', activity('agentdispatchruns')],
  ['maintainer', 'delete', activity('pullrequests')],
  ['maintainer', 'create', activity('webhookdeliveries')],
  ['maintainer', 'create', activity('jobs')],
  ['admin', 'approve', activity('externalwriteintents')],
  ['viewer', 'watch', activity('agentapprovals')],
  ['maintainer', 'create', kradle('policytemplates')],
  ['maintainer', 'delete', kradle('policybindings')],
  ['maintainer', 'patch', kradle('policyexceptionrequests')],
  ['viewer', 'list', kradle('policyexceptionrequests')],
  ['admin', 'approve', kradle('policyexceptionrequests')],
  ['maintainer', 'list', 'wgpolicyk8s.io/policyreports'],
  ['maintainer', 'watch', 'openreports.io/reports'],
  ['maintainer', 'get', 'policies.kyverno.io/namespacedvalidatingpolicies'],
  [undefined, 'create', 'policies.kyverno.io/namespacedvalidatingpolicies'],
  [undefined, 'update', 'policies.kyverno.io/namespacedmutatingpolicies'],
  [undefined, 'get', 'policies.kyverno.io/validatingpolicies'],
  [undefined, 'create', 'policies.kyverno.io/policyexceptions'],
  [undefined, 'create', 'kyverno.io/policies'],
  [undefined, 'patch', 'wgpolicyk8s.io/policyreports'],
  [undefined, 'delete', 'openreports.io/reports'],
  ['viewer', 'create', activity('refupdatereviews')],
  ['viewer', 'create', activity('agentpermissionreviews')],
  ['admin', 'review', activity('refupdatereviews')],
  [undefined, 'list', activity('refupdatereviews')],
  [undefined, 'create', activity('externalwebhookdeliveries')],
  [undefined, 'update', activity('webhookdeliveries')],
  [undefined, 'update', activity('agentdispatchruns')],
  [undefined, 'delete', activity('agentapprovals')],
  ['maintainer', 'update', kradle('repositorypermissions')],
  ['maintainer', 'create', '/secrets'],
  ['maintainer', 'create', '/pods'],
  ['maintainer', 'create', 'batch/jobs'],
  ['maintainer', 'get', '/configmaps'],
  ['admin', 'create', kradle('users')],
  ['admin', 'delete', kradle('agentsecretgrants')],
  ['admin', 'use', kradle('agentserviceaccounts')],
  ['admin', 'debug', kradle('agentstacks')],
  ['admin', 'approve', kradle('policyexceptionrequests')],
  ['admin', 'approve', activity('agentapprovals')],
  ['admin', 'get', '/secrets'],
  ['admin', 'get', '/pods'],
  ['admin', 'get', '/pods/log'],
  ['admin', 'get', 'batch/jobs'],
  ['admin', 'create', 'apps/deployments'],
  ['admin', 'patch', 'apps/deployments/scale'],
  [undefined, 'list', '/secrets'],
  [undefined, 'watch', '/secrets'],
  [undefined, 'create', '/pods/exec'],
  [undefined, 'create', '/serviceaccounts/token'],
  [undefined, 'create', '/serviceaccounts'],
  [undefined, 'update', '/pods'],
  [undefined, 'create', 'rbac.authorization.k8s.io/rolebindings'],
  [undefined, 'delete', 'rbac.authorization.k8s.io/rolebindings'],
  [undefined, 'get', kradle('organizations')],
  [undefined, 'update', '/namespaces'],
]
t.test('each verb begins with one persona and is kept by those above it', async t => {
  for (const [who, verb, what] of wanted) t.equal(from(verb, what), who, `${verb} ${what}`)
})

t.test('an admin has what every role template lends, or could lend none of them', async t => {
  for (const [template, rules] of Object.entries(roleTemplates)) {
    const lacking = permissionsOf(rules).filter(
      ({ verb, group, resource }) => !can('kradle-admin', verb, `${group}/${resource}`),
    )
    t.strictSame(lacking.map(textOf), [], template)
  }
})

t.test('nothing goes by a wildcard, to a status or beyond what is named', async t => {
  for (const [role, rules] of roles)
    for (const { verbs, apiGroups = [], resources = [] } of rules) {
      const all = [...verbs, ...apiGroups, ...resources]
      t.notOk(
        all.some(each => each.includes('*')),
        role,
      )
      t.notOk(verbs.includes('escalate') || verbs.includes('impersonate'), role)
      for (const resource of resources) t.match(resource, /^[a-z]+(\/log|\/scale)?$/)
    }
})

t.test('personas and role templates are bound by name', async t => {
  const binds = rulesOf('kradle-admin').filter(({ verbs }) => verbs.includes('bind'))
  t.strictSame(binds, [
    {
      apiGroups: ['rbac.authorization.k8s.io'],
      resources: ['clusterroles'],
      verbs: ['bind'],
      resourceNames: people.toSorted(),
    },
    {
      apiGroups: ['kradle.a5c.ai'],
      resources: ['roletemplates'],
      verbs: ['bind'],
      resourceNames: Object.keys(roleTemplates).toSorted(),
    },
  ])
})

t.test('the platform admin has what belongs to the platform', async t => {
  t.ok(can('kradle-platform-admin', 'create', kradle('organizations')))
  t.ok(can('kradle-platform-admin', 'watch', '/namespaces'))
  t.notOk(can('kradle-platform-admin', 'create', '/namespaces'))
  t.notOk(can('kradle-platform-admin', 'get', kradle('teams')))
})

t.test('those who judge grants read, one by one', async t => {
  t.strictSame(rulesOf('kradle-tenant-reader'), [
    {
      apiGroups: [''],
      resources: ['configmaps', 'persistentvolumeclaims', 'pods', 'secrets', 'serviceaccounts'],
      verbs: ['get'],
    },
  ])
})

t.test('a kind of a context that nobody writes is read by all', async t => {
  const [team] = readDefinitions().filter(({ kind }) => kind === 'Team')
  const strange = personas([{ ...team!, context: 'elsewhere', plural: 'oddities' }])
  for (const { metadata, rules = [] } of strange.filter(each =>
    people.includes(each.metadata.name),
  ))
    t.strictSame(
      rules
        .filter(({ resources }) => resources?.includes('oddities'))
        .map(({ apiGroups, verbs }) => ({ apiGroups, verbs })),
      [{ apiGroups: ['kradle.a5c.ai'], verbs: ['get', 'list', 'watch'] }],
      metadata.name,
    )
})
