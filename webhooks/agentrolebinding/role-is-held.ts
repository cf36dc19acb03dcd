import { AgentRoleBinding } from '#src/api/identity/v1alpha1.ts'
import { ClusterRole, Role, type PolicyRule } from '#src/api/rbac/v1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
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

/**
 * Nobody lends an agent what he does not have himself: whoever writes an AgentRoleBinding may
 * `bind` the role, or holds every permission in it (R44).
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
  reviews(request, cluster) {
    const rules = rulesOf(request, cluster) ?? []
    const permissions = permissionsOf(rules)
    if (forbiddenIn(rules).length > 0 || permissions.length > MOST_QUESTIONS) return []
    return [
      ...bindOf(request),
      ...permissions.map(permission => reviewOf(permission, request.namespace)),
    ]
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
        `holds what no agent is lent: ${listed(forbidden)}`,
        'use a role without it, or one of the templates',
      )
    const permissions = permissionsOf(rules)
    if (permissions.length > MOST_QUESTIONS)
      return refused(
        `holds ${permissions.length} permissions, more than the ${MOST_QUESTIONS} that are looked into`,
        'use several smaller roles',
      )
    if (bindOf(request).some(review => access.allowed(review))) return allow
    const lacking = permissions.filter(
      permission => !access.allowed(reviewOf(permission, request.namespace)),
    )
    if (lacking.length === 0) return allow
    return refused(
      `would lend what "${request.user.username}" does not have: ${listed(lacking.map(textOf))}`,
      kind === 'RoleTemplate'
        ? 'ask somebody who has it'
        : 'ask somebody who has it, or who has verb bind on the role',
    )
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

/** A template is no object that anybody could have a right to. */
function bindOf({ object, namespace }: Request): readonly AccessReview[] {
  const { kind, name } = roleRefOf(object.spec)
  if (kind !== 'ClusterRole' && kind !== 'Role') return []
  const resource = kind === 'Role' ? 'roles' : 'clusterroles'
  return [{ verb: 'bind', group: ClusterRole.group, resource, namespace, name }]
}

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

const listed = (texts: readonly string[]): string =>
  texts.slice(0, 5).join(', ') + (texts.length > 5 ? ` and ${texts.length - 5} more` : '')
