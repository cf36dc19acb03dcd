import t from 'tap'
import { AgentRoleBinding } from '#src/api/identity/v1alpha1.ts'
import { ClusterRole, Role, type PolicyRule } from '#src/api/rbac/v1.ts'
import { permissionsOf, roleTemplates } from '#src/permissions/role-templates.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import { accessOf, bothOf, noAccess } from '#webhooks/access.ts'
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
const no = () => false
const custom = { kind: 'ClusterRole', name: 'custom' }

/** Decides with these questions answered yes, and the rest no. */
function decided(
  write: ReturnType<typeof binding>,
  objects: Parameters<typeof cluster>,
  holds: (review: AccessReview) => boolean,
) {
  const { access } = asked(write, objects, holds)
  return rule.decide(write, cluster(...objects), access)
}

/** Asks until the rule has enough: how many questions came in each round, and all answers. */
function asked(
  write: ReturnType<typeof binding>,
  objects: Parameters<typeof cluster>,
  holds: (review: AccessReview) => boolean,
) {
  const rounds: (readonly AccessReview[])[] = []
  let access = noAccess
  for (;;) {
    const reviews = rule.reviews(write, cluster(...objects), access)
    if (reviews.length === 0) return { access, rounds, sizes: rounds.map(({ length }) => length) }
    rounds.push(reviews)
    access = bothOf(access, accessOf(reviews.map(review => [review, holds(review)])))
  }
}

t.test('lends a template to an agent where the requester holds all of it', async t => {
  const write = binding({ kind: 'RoleTemplate', name: 'approver' })
  t.strictSame(rule.lookups(write), [])
  t.strictSame(
    decided(write, [], () => true),
    [],
  )
  const held = ({ verb }: AccessReview) => verb !== 'bind'
  t.strictSame(decided(write, [], held), [])
  const { length } = permissionsOf(roleTemplates['approver'] ?? [])
  t.strictSame(asked(write, [], held).sizes, [1, 16, length - 16])
  t.match(
    decided(write, [], ({ verb }) => verb !== 'approve' && verb !== 'bind'),
    [
      {
        rule: 'R44',
        field: 'spec.roleRef.name',
        value: 'approver',
        problem: /"jane" does not have: approve policyexceptionrequests.kradle.a5c.ai, approve/,
        fix: 'ask somebody who has it, or who may bind roletemplates.kradle.a5c.ai "approver"',
      },
    ],
  )
})

t.test('takes verb bind on a template, and asks no more than that', async t => {
  const write = binding({ kind: 'RoleTemplate', name: 'approver' })
  const binds = ({ verb }: AccessReview) => verb === 'bind'
  t.strictSame(decided(write, [], binds), [])
  t.strictSame(asked(write, [], binds).rounds, [
    [
      {
        verb: 'bind',
        group: 'kradle.a5c.ai',
        resource: 'roletemplates',
        namespace,
        name: 'approver',
      },
    ],
  ])
})

t.test('asks 16 questions at a time, and no more after a refusal', async t => {
  const resources = Array.from({ length: 128 }, (_, index) => `things${index}`)
  const large = [clusterRole({ apiGroups: ['x'], resources, verbs: ['get'] })]
  const sizes = (...lacking: string[]) =>
    asked(
      binding(custom),
      large,
      ({ verb, resource }) => verb === 'get' && !lacking.includes(resource),
    ).sizes
  t.strictSame(sizes(), [1, ...Array<number>(8).fill(16)])
  t.strictSame(sizes('things0', 'things20'), [1, 16])
  t.strictSame(sizes('things20'), [1, 16, 16])
  t.match(
    decided(
      binding(custom),
      large,
      ({ verb, resource }) => verb === 'get' && !/things(20|127)/.test(resource),
    ),
    [{ problem: /does not have: get things20.x$/ }],
  )
})

t.test('decides on nothing that was not asked', async t => {
  const write = binding({ kind: 'RoleTemplate', name: 'approver' })
  t.throws(() => rule.decide(write, cluster(), noAccess), { code: 'UnaskedReview' })
  const [bind] = rule.reviews(write, cluster(), noAccess)
  t.throws(() => rule.decide(write, cluster(), accessOf([[bind!, false]])), {
    code: 'UnaskedReview',
  })
})

t.test('asks for the repositories only where the scope is some of them', async t => {
  const scope = { kind: 'repository', repositories: ['web'] }
  const write = binding({ kind: 'RoleTemplate', name: 'readonly' }, scope)
  t.strictSame(
    asked(write, [], no)
      .rounds.flat()
      .map(({ verb, resource, name }) => [verb, resource, name]),
    [
      ['bind', 'roletemplates', 'readonly'],
      ...['get', 'list', 'watch'].map(verb => [verb, 'repositories', 'web']),
    ],
  )
  const odd = binding({ kind: 'RoleTemplate', name: 'approver' }, { kind: 'repository' })
  t.ok(asked(odd, [], no).rounds.flat().length > 4)
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
    [{ problem: /does not have: get pods\/log/, fix: /may bind clusterroles.* "custom"$/ }],
  )
  t.match(asked(write, [clusterRole(logs)], no).rounds.flat(), [
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
  t.match(asked(write, [role], no).rounds, [[{ verb: 'bind', resource: 'roles', namespace }]])
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
  t.strictSame(asked(binding(custom), [clusterRole(large)], no).rounds, [])
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
