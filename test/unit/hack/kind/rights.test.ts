import t from 'tap'
import type { AuditEvent } from '#hack/kind/audit-events.ts'
import { compare, rightsOf, textOf, uses, type Right } from '#hack/kind/rights.ts'
import type { Binding, Role } from '#hack/kind/roles.ts'

const roles: Role[] = [
  {
    kind: 'ClusterRole',
    metadata: { name: 'kradle-x' },
    rules: [
      {
        apiGroups: ['kradle.a5c.ai'],
        resources: ['teams', 'teams/status'],
        verbs: ['list', 'patch'],
      },
      { nonResourceURLs: ['/metrics'], verbs: ['get'] },
      { apiGroups: ['x'], verbs: ['get'] },
    ],
  },
  {
    kind: 'Role',
    metadata: { name: 'x', namespace: 'kradle-system' },
    rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['a', 'b'], verbs: ['get'] }],
  },
  { kind: 'Role', metadata: { name: 'x', namespace: 'other' }, rules: [] },
  { kind: 'ClusterRole', metadata: { name: 'empty' } },
]
const tenant: Role = {
  kind: 'ClusterRole',
  metadata: { name: 'tenant' },
  rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
}
const subjects = [{ kind: 'ServiceAccount', name: 'x', namespace: 'kradle-system' }]
const bindings: Binding[] = [
  { metadata: { name: 'a' }, roleRef: { kind: 'ClusterRole', name: 'kradle-x' }, subjects },
  { metadata: { name: 'b' }, roleRef: { kind: 'ClusterRole', name: 'kradle-x' }, subjects },
  {
    metadata: { name: 'c', namespace: 'kradle-system' },
    roleRef: { kind: 'Role', name: 'x' },
    subjects,
  },
  { metadata: { name: 'd' }, roleRef: { kind: 'ClusterRole', name: 'empty' }, subjects },
  { metadata: { name: 'e' }, roleRef: { kind: 'ClusterRole', name: 'gone' }, subjects },
  { metadata: { name: 'f' }, roleRef: { kind: 'ClusterRole', name: 'kradle-x' } },
]

const event = (verb: string, objectRef: AuditEvent['objectRef'], code = 200, user = 'x') =>
  ({
    verb,
    stage: 'ResponseComplete',
    requestURI: '/apis/x?watch=1',
    requestReceivedTimestamp: '',
    stageTimestamp: '',
    user: { username: `system:serviceaccount:kradle-system:${user}` },
    ...(objectRef && { objectRef }),
    responseStatus: { code },
  }) satisfies AuditEvent

const rights = rightsOf('x', bindings, roles)

t.test('rights are single ones, each once', async t => {
  t.strictSame(rights.map(textOf), [
    'list teams.kradle.a5c.ai',
    'patch teams.kradle.a5c.ai',
    'list teams/status.kradle.a5c.ai',
    'patch teams/status.kradle.a5c.ai',
    'get secrets named a, b in kradle-system',
  ])
})

t.test('what is applied and was not there is created, too', async t => {
  const create: Right = {
    verb: 'create',
    group: '',
    resource: 'x',
    names: [],
    namespace: undefined,
  }
  t.ok(uses(event('patch', { resource: 'x', name: 'a' }, 201), create))
  t.notOk(uses(event('patch', { resource: 'x', name: 'a' }), create))
})

t.test('who lends a right has to have it, and so has who binds a role', async t => {
  const body = (requestObject: AuditEvent['requestObject']): AuditEvent => ({
    ...event('patch', { apiGroup: 'rbac.authorization.k8s.io', resource: 'roles', name: 'lent' }),
    ...(requestObject && { requestObject }),
  })
  const right = (verb: string, resource: string, ...names: string[]): Right => ({
    verb,
    group: 'g',
    resource,
    names,
    namespace: undefined,
  })
  const role = body({
    rules: [{ apiGroups: ['g'], resources: ['issues'], verbs: ['get'] }, { verbs: ['get'] }],
  })
  t.ok(uses(role, right('get', 'issues')))
  t.notOk(uses({ ...role, responseStatus: { code: 403 } }, right('get', 'issues')))
  t.notOk(uses(role, right('list', 'issues')))
  t.notOk(uses(role, right('get', 'jobs')))
  t.notOk(uses(role, right('get', 'issues', 'one')))
  t.strictSame(compare('x', [right('get', 'issues')], [role]).unused, [])
  const binding = body({ roleRef: { kind: 'ClusterRole', name: 'kradle-org-admin' } })
  t.ok(uses(binding, right('bind', 'clusterroles')))
  t.ok(uses(binding, right('bind', 'clusterroles', 'kradle-org-admin')))
  t.notOk(uses(binding, right('bind', 'clusterroles', 'another')))
  t.notOk(uses(binding, right('bind', 'roles')))
  t.notOk(uses(binding, right('get', 'clusterroles')))
  t.notOk(uses(role, right('bind', 'clusterroles')))
})

t.test('what is held in each organisation counts once, and is used in any', async t => {
  const bound = ['acme', 'globex'].map(slug => ({
    metadata: { name: 'tenant', namespace: `kradle-org-${slug}` },
    roleRef: { kind: 'ClusterRole', name: 'tenant' },
    subjects,
  }))
  const held = rightsOf('x', bound, [tenant])
  t.strictSame(held.map(textOf), ['get pods in kradle-org-*'])
  const pod = (namespace: string) => event('get', { resource: 'pods', namespace, name: 'p' })
  t.strictSame(compare('x', held, [pod('kradle-org-gone')]).unused, [])
  t.equal(compare('x', held, [pod('default')]).unused.length, 1)
})

t.test('what was asked for is used, and nothing else', async t => {
  const group = 'kradle.a5c.ai'
  const { held, unused, refused, refusedThoughHeld } = compare('x', rights, [
    event('list', { apiGroup: group, resource: 'teams', namespace: 'kradle-org-acme' }),
    { ...event('list', { apiGroup: group, resource: 'teams' }, 403), requestURI: '/teams' },
    event('patch', { apiGroup: group, resource: 'teams', subresource: 'status' }),
    event('get', { resource: 'secrets', namespace: 'default', name: 'a' }),
    event('get', { resource: 'secrets', namespace: 'kradle-system', name: 'c' }, 403),
    event('get', { resource: 'secrets', namespace: 'kradle-system', name: 'b' }, 200, 'y'),
    event('get', { resource: 'secrets', namespace: 'kradle-system' }),
    event('get', undefined),
  ])
  t.equal(held, 5)
  t.strictSame(unused.map(textOf), [
    'patch teams.kradle.a5c.ai',
    'list teams/status.kradle.a5c.ai',
    'get secrets named a, b in kradle-system',
  ])
  t.strictSame(refused, ['get /apis/x'])
  t.strictSame(refusedThoughHeld, ['list /teams'], 'what it holds was away for a while')
})
