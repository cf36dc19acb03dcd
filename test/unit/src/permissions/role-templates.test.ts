import t from 'tap'
import type { PolicyRule } from '#src/api/rbac/v1.ts'
import {
  forbiddenIn,
  narrowed,
  permissionsOf,
  roleTemplates,
  textOf,
} from '#src/permissions/role-templates.ts'

const rule = (
  apiGroups: string[],
  resources: string[],
  verbs: string[],
  resourceNames?: string[],
): PolicyRule => ({ apiGroups, resources, verbs, ...(resourceNames && { resourceNames }) })

t.test('there are eight templates, and none of them is empty', async t => {
  t.strictSame(Object.keys(roleTemplates).toSorted(), [
    'approver',
    'ci-diagnoser',
    'readonly',
    'repository-repair',
    'runner-trusted',
    'runner-untrusted',
    'secret-grant-admin',
    'workspace-manager',
  ])
  for (const rules of Object.values(roleTemplates)) t.ok(rules.length > 0)
})

t.test('no template lends what nobody is lent', async t => {
  for (const [name, rules] of Object.entries(roleTemplates)) {
    t.strictSame(forbiddenIn(rules), [], name)
    for (const { verb, group, resource } of permissionsOf(rules)) {
      const text = `${name}: ${verb} ${group}/${resource}`
      t.notMatch([verb, group, resource].join(), /\*/, text)
      t.not(resource, 'secrets', text)
      t.notMatch(resource, /exec|attach|portforward|ephemeralcontainers|proxy|token|status/, text)
      t.notMatch(verb, /^(impersonate|escalate|bind|use|debug)$/, text)
      t.not(group, 'rbac.authorization.k8s.io', text)
      if (group === '' || group === 'batch') t.match(verb, /^(get|list|watch)$/, text)
    }
  }
})

t.test('ConfigMaps are read by who may grant them alone', async t => {
  const readers = Object.entries(roleTemplates).filter(([, rules]) =>
    permissionsOf(rules).some(({ resource }) => resource === 'configmaps'),
  )
  t.strictSame(
    readers.map(([name]) => name),
    ['secret-grant-admin'],
  )
})

t.test('names what is permitted, one by one', async t => {
  const texts = (...rules: PolicyRule[]) => permissionsOf(rules).map(textOf)
  t.strictSame(texts(rule([''], ['pods', 'pods/log'], ['get'])), ['get pods', 'get pods/log'])
  t.strictSame(texts(rule(['apps'], ['deployments/scale'], ['get', 'update'])), [
    'get deployments.apps/scale',
    'update deployments.apps/scale',
  ])
  t.strictSame(texts(rule([''], ['secrets'], ['get'], ['a', 'b'])), [
    'get secrets "a"',
    'get secrets "b"',
  ])
  t.strictSame(texts({ verbs: ['get'], nonResourceURLs: ['/metrics'] }), [])
})

const forbidden: Record<string, PolicyRule> = {
  'get secrets': rule([''], ['secrets'], ['get', 'create']),
  'list secrets': rule([''], ['secrets'], ['list']),
  'patch secrets "one"': rule([''], ['secrets'], ['patch'], ['one']),
  'deletecollection secrets': rule([''], ['secrets'], ['deletecollection']),
  'create pods/exec': rule([''], ['pods/exec'], ['create']),
  'get pods/attach': rule([''], ['pods/attach'], ['get']),
  'get pods/portforward': rule([''], ['pods/portforward'], ['get']),
  'patch pods/ephemeralcontainers': rule([''], ['pods/ephemeralcontainers'], ['patch']),
  'get pods/proxy': rule([''], ['pods/proxy'], ['get']),
  'get services/proxy': rule([''], ['services/proxy'], ['get']),
  'create serviceaccounts/token': rule([''], ['serviceaccounts/token'], ['create']),
  'impersonate users': rule([''], ['users'], ['impersonate']),
  'bind agentstacks.kradle.a5c.ai': rule(['kradle.a5c.ai'], ['agentstacks'], ['bind']),
  'escalate roles.rbac.authorization.k8s.io': rule(
    ['rbac.authorization.k8s.io'],
    ['roles'],
    ['escalate', 'get'],
  ),
  'create rolebindings.rbac.authorization.k8s.io': rule(
    ['rbac.authorization.k8s.io'],
    ['rolebindings'],
    ['create'],
  ),
  '* pods': rule([''], ['pods'], ['*']),
  'get *': rule([''], ['*'], ['get']),
  'get */scale': rule([''], ['*/scale'], ['get']),
  'get deployments.*': rule(['*'], ['deployments'], ['get']),
}

t.test('says what of a role nobody is lent', async t => {
  for (const [text, wrong] of Object.entries(forbidden))
    t.strictSame(forbiddenIn([wrong, wrong]), [text])
  t.strictSame(
    forbiddenIn([
      rule([''], ['secrets'], ['create']),
      rule([''], ['pods', 'pods/log', 'configmaps'], ['get', 'list']),
      rule(['apps'], ['deployments', 'pods/exec'], ['update']),
      rule(['rbac.authorization.k8s.io'], ['roles'], ['get', 'list', 'watch']),
    ]),
    [],
  )
})

t.test('keeps a template to some repositories, and tells what that leaves out', async t => {
  const config = 'kradle.a5c.ai'
  t.strictSame(
    narrowed(
      [
        rule([config], ['repositories'], ['get', 'create', 'watch']),
        rule([''], ['pods/log', 'pods'], ['get', 'list']),
      ],
      ['web', 'api'],
    ),
    {
      rules: [rule([config], ['repositories'], ['get', 'watch'], ['web', 'api'])],
      left: ['create repositories.kradle.a5c.ai', 'get/list pods/log', 'get/list pods'],
    },
  )
  t.strictSame(narrowed([rule([config], ['repositories'], ['get'])], []), { rules: [], left: [] })
  t.strictSame(narrowed([{ verbs: ['get'], nonResourceURLs: ['/x'] }], ['web']), {
    rules: [],
    left: [],
  })
  t.strictSame(narrowed([{ verbs: ['get'], apiGroups: [''] }], ['web']), { rules: [], left: [] })
  t.strictSame(narrowed([rule([''], ['pods/log'], ['get'])], ['web']), {
    rules: [],
    left: ['get pods/log'],
  })
})
