import { AgentRoleBinding } from '#src/api/identity/v1alpha1.ts'
import { ClusterRole, Role, type PolicyRule } from '#src/api/rbac/v1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { listed } from '#src/lib/conditions.ts'
import {
  forbiddenIn,
  narrowed,
  permissionsOf,
  roleTemplates,
  textOf,
  type Permission,
} from '#src/permissions/role-templates.ts'
import { allow, deny, rule, type AccessReview, type Request } from '#webhooks/rule.ts'

/** Beyond this a role is not one thing an agent does; and every question is a call. */
const MOST_QUESTIONS = 128

/** As many are named in a message. */
const MOST_NAMED = 5

/** Asked in one round; after a refusal there is no other. */
const AT_ONCE = 16

/**
 * Nobody lends an agent what he does not have himself: whoever writes an AgentRoleBinding may
 * `bind` the role or the template, or holds every permission in it (R44).
 *
 * Kradle's controller makes the native binding, so the API server would judge the controller's
 * rights and not the requester's; this rule asks about the requester. What no agent may have
 * is refused whoever asks. The role is read live, as it may have grown a moment ago.
 */
export default rule({
  kinds: [AgentRoleBinding],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R42', 'R44'],
  gets: [Role, ClusterRole],
  lookups({ object, namespace }) {
    const ref = roleRefOf(object.spec)
    if (ref.kind === 'ClusterRole') return [{ kind: ClusterRole, name: ref.name, fresh: 'live' }]
    if (ref.kind === 'Role') return [{ kind: Role, name: ref.name, namespace, fresh: 'live' }]
    return []
  },
  reviews(request, cluster, access) {
    const rules = rulesOf(request, cluster)
    if (!rules || forbiddenIn(rules).length > 0) return []
    const permissions = permissionsOf(rules)
    if (permissions.length > MOST_QUESTIONS) return []
    const bind = reviewOf(bindOf(request), request.namespace)
    if (!access.knows(bind)) return [bind]
    if (access.allowed(bind)) return []
    for (const chunk of chunksOf(permissions)) {
      const reviews = chunk.map(permission => reviewOf(permission, request.namespace))
      if (!reviews.every(review => access.knows(review))) return reviews
      if (!reviews.every(review => access.allowed(review))) return []
    }
    return []
  },
  decide(request, cluster, access) {
    const { kind, name } = roleRefOf(request.object.spec)
    const refused = (problem: string, fix: string) =>
      deny({ rule: 'R44', field: 'spec.roleRef.name', value: name, problem, fix })
    const rules = rulesOf(request, cluster)
    if (!rules)
      return refused(
        kind === 'Role'
          ? `is no Role in namespace "${request.namespace}"`
          : `is no ${kind === 'ClusterRole' ? kind : 'RoleTemplate'}`,
        `create it first, or use one of the templates: ${Object.keys(roleTemplates).join(', ')}`,
      )
    const forbidden = forbiddenIn(rules)
    if (forbidden.length > 0)
      return refused(
        `holds what no agent is lent: ${listed(forbidden, MOST_NAMED)}`,
        'use a role without it, or one of the templates',
      )
    const permissions = permissionsOf(rules)
    if (permissions.length > MOST_QUESTIONS)
      return refused(
        `holds ${permissions.length} permissions, more than the ${MOST_QUESTIONS} that are looked into`,
        'use several smaller roles',
      )
    const bind = bindOf(request)
    const has = (permission: Permission) => access.allowed(reviewOf(permission, request.namespace))
    if (has(bind)) return allow
    for (const chunk of chunksOf(permissions)) {
      const lacking = chunk.filter(permission => !has(permission))
      if (lacking.length > 0)
        return refused(
          `would lend what "${request.user.username}" does not have: ${listed(lacking.map(textOf), MOST_NAMED)}`,
          `ask somebody who has it, or who may ${textOf(bind)}`,
        )
    }
    return allow
  },
})

function roleRefOf(spec: Record<string, unknown>): { kind: unknown; name: string } {
  const ref = spec['roleRef'] as { kind?: unknown; name?: unknown } | null | undefined
  return { kind: ref?.kind, name: typeof ref?.name === 'string' ? ref.name : '' }
}

/** What the role permits; undefined where there is none of that name. */
function rulesOf(
  { object, namespace }: Request,
  cluster: Cluster,
): readonly PolicyRule[] | undefined {
  const { kind, name } = roleRefOf(object.spec)
  if (kind === 'ClusterRole') return rulesIn(cluster.get(ClusterRole, name))
  if (kind === 'Role') return rulesIn(cluster.get(Role, name, namespace))
  const template = Object.hasOwn(roleTemplates, name) ? roleTemplates[name] : undefined
  const scope = object.spec['scope'] as { kind?: unknown; repositories?: unknown } | undefined
  return template && scope?.kind === 'repository' && Array.isArray(scope.repositories)
    ? narrowed(template, scope.repositories.map(String)).rules
    : template
}

const rulesIn = (role: Role | ClusterRole | undefined) => role && (role.rules ?? [])

/** What lends the whole role. A template is no object, but a right to it can be given all the same. */
function bindOf({ object }: Request): Permission {
  const { kind, name } = roleRefOf(object.spec)
  if (kind !== 'ClusterRole' && kind !== 'Role')
    return { verb: 'bind', group: AgentRoleBinding.group, resource: 'roletemplates', name }
  const { group, plural } = kind === 'Role' ? Role : ClusterRole
  return { verb: 'bind', group, resource: plural, name }
}

const chunksOf = (permissions: readonly Permission[]): readonly (readonly Permission[])[] =>
  Array.from({ length: Math.ceil(permissions.length / AT_ONCE) }, (_, index) =>
    permissions.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  )

function reviewOf({ verb, group, resource, name }: Permission, namespace: string): AccessReview {
  const [plural = '', subresource] = resource.split('/')
  return {
    verb,
    group,
    resource: plural,
    ...(subresource !== undefined && { subresource }),
    namespace,
    name: name ?? '',
  }
}
