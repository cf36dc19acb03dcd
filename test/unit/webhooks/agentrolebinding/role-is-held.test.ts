import t from 'tap'
import { AgentRoleBinding } from '#src/api/identity/v1alpha1.ts'
import { ClusterRole, Role, type PolicyRule } from '#src/api/rbac/v1.ts'
import { permissionsOf, roleTemplates } from '#src/permissions/role-templates.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import { accessOf } from '#webhooks/access.ts'
import rule from '#webhooks/agentrolebinding/role-is-held.ts'
import type { AccessReview } from '#webhooks/rule.ts'

const namespace = 'kradle-org-acme'
const binding = (roleRef: unknown, scope: unknown = { kind: 'organization' }) =>
  request(
    'CREATE',
    AgentRoleBinding,
    objectOf(AgentRoleBinding, {
      metadata: { name: 'fixer', namespace },
      spec: {
        organizationRef: 'acme',
        subject: { kind: 'agent-service-account', name: 'fixer' },
        roleRef,
        scope,
      },
    } as unknown as Omit<AgentRoleBinding, 'apiVersion' | 'kind'>),
  )
const clusterRole = (...rules: PolicyRule[]) =>
  objectOf(ClusterRole, { metadata: { name: 'custom' }, rules })
const logs: PolicyRule = { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }
const custom = { kind: 'ClusterRole', name: 'custom' }

/** Decides with these questions answered yes, and the rest no. */
function decided(
  write: ReturnType<typeof binding>,
  objects: Parameters<typeof cluster>,
  holds: (review: AccessReview) => boolean,
) {
  const seen = cluster(...objects)
  const answers = rule.reviews(write, seen).map(review => [review, holds(review)] as const)
  return rule.decide(write, seen, accessOf(answers))
}

t.test('lends a template to an agent where the requester holds all of it', async t => {
  const write = binding({ kind: 'RoleTemplate', name: 'approver' })
  t.strictSame(rule.lookups(write), [])
  t.strictSame(
    decided(write, [], () => true),
    [],
  )
  const reviews = rule.reviews(write, cluster())
  t.equal(reviews.length, permissionsOf(roleTemplates['approver'] ?? []).length)
  t.match(
    decided(write, [], ({ verb }) => verb !== 'approve'),
    [
      {
        rule: 'R44',
        field: 'spec.roleRef.name',
        value: 'approver',
        problem: /"jane" does not have: approve policyexceptionrequests.kradle.a5c.ai, approve/,
        fix: 'ask somebody who has it',
      },
    ],
  )
})

t.test('asks for the repositories only where the scope is some of them', async t => {
  const scope = { kind: 'repository', repositories: ['web'] }
  const write = binding({ kind: 'RoleTemplate', name: 'readonly' }, scope)
  t.strictSame(
    rule.reviews(write, cluster()).map(({ verb, resource, name }) => [verb, resource, name]),
    ['get', 'list', 'watch'].map(verb => [verb, 'repositories', 'web']),
  )
  const odd = binding({ kind: 'RoleTemplate', name: 'approver' }, { kind: 'repository' })
  t.ok(rule.reviews(odd, cluster()).length > 3)
})

t.test('takes verb bind on a role instead of everything in it', async t => {
  const write = binding(custom)
  t.strictSame(rule.lookups(write), [{ kind: ClusterRole, name: 'custom', fresh: 'live' }])
  t.strictSame(
    decided(write, [clusterRole(logs)], ({ verb }) => verb === 'bind'),
    [],
  )
  t.strictSame(
    decided(write, [clusterRole(logs)], ({ verb }) => verb === 'get'),
    [],
  )
  t.match(
    decided(write, [clusterRole(logs)], () => false),
    [{ problem: /does not have: get pods\/log/, fix: /verb bind/ }],
  )
  t.match(rule.reviews(write, cluster(clusterRole(logs))), [
    { verb: 'bind', resource: 'clusterroles', name: 'custom' },
    { verb: 'get', resource: 'pods', subresource: 'log', name: '' },
  ])
})

t.test('reads a Role in the namespace of the binding', async t => {
  const write = binding({ kind: 'Role', name: 'local' })
  t.strictSame(rule.lookups(write), [{ kind: Role, name: 'local', namespace, fresh: 'live' }])
  const role = objectOf(Role, { metadata: { name: 'local', namespace } })
  t.strictSame(
    decided(write, [role], () => false),
    [],
    'a role without rules lends nothing',
  )
  t.match(rule.reviews(write, cluster(role)), [{ verb: 'bind', resource: 'roles', namespace }])
  t.match(
    decided(write, [], () => true),
    [{ problem: 'is no Role in namespace "kradle-org-acme"', fix: /templates: readonly/ }],
  )
})

t.test('refuses whoever asks what no agent is lent, or more than can be looked into', async t => {
  const secrets: PolicyRule = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] }
  t.match(
    decided(binding(custom), [clusterRole(secrets)], () => true),
    [{ problem: 'holds what no agent is lent: get secrets' }],
  )
  const resources = Array.from({ length: 129 }, (_, index) => `things${index}`)
  const large: PolicyRule = { apiGroups: ['x'], resources, verbs: ['get'] }
  t.match(
    decided(binding(custom), [clusterRole(large)], () => true),
    [{ problem: /holds 129 permissions/ }],
  )
  const many: PolicyRule = { apiGroups: ['x'], resources: resources.slice(0, 7), verbs: ['get'] }
  t.match(
    decided(binding(custom), [clusterRole(many)], () => false),
    [{ problem: /things4.x and 2 more$/ }],
  )
})

t.test('refuses what names no role at all', async t => {
  for (const ref of [
    undefined,
    null,
    {},
    { kind: 'RoleTemplate', name: 'constructor' },
    { name: 7 },
  ])
    t.match(
      decided(binding(ref), [], () => true),
      [{ rule: 'R44', problem: /is no / }],
    )
  t.match(
    decided(binding(custom), [], () => true),
    [{ problem: 'is no ClusterRole' }],
  )
})
