import type { AgentRoleBinding } from '#src/api/identity/v1alpha1.ts'
import { ClusterRole, Role, type PolicyRule } from '#src/api/rbac/v1.ts'
import type { Cluster, Lookup } from '#src/lib/cluster.ts'
import type { ConditionInput } from '#src/lib/controller.ts'
import { forbiddenIn, narrowed, roleTemplates } from '#src/permissions/role-templates.ts'
import { met, unmet } from '#src/lib/conditions.ts'
import { listing } from './listing.ts'

/** What a binding binds to: rules of which a Role has to be made, or a role that is there already. */
export type AgentRole =
  | { readonly type: 'rules'; readonly rules: readonly PolicyRule[] }
  | { readonly type: 'native'; readonly kind: 'ClusterRole' | 'Role'; readonly name: string }

interface Found {
  /** Left out where nothing may be bound. */
  readonly role?: AgentRole
  readonly condition: ConditionInput
}

/** A native role is read live, and never kept: what it permits is decided by others. */
export function roleLookups({ spec, metadata }: AgentRoleBinding): readonly Lookup[] {
  const { kind, name } = spec.roleRef
  if (kind === 'ClusterRole') return [{ kind: ClusterRole, name }]
  return kind === 'Role' ? [{ kind: Role, name, namespace: metadata.namespace }] : []
}

/** What the roleRef of a binding comes to, and the condition that says so. */
export const roleFor = (binding: AgentRoleBinding, cluster: Cluster): Found =>
  binding.spec.roleRef.kind === 'RoleTemplate'
    ? templateFor(binding)
    : nativeRoleFor(binding, cluster)

function templateFor({ spec: { roleRef, scope } }: AgentRoleBinding): Found {
  const rules = Object.hasOwn(roleTemplates, roleRef.name) ? roleTemplates[roleRef.name] : undefined
  if (!rules)
    return unresolved('RoleTemplateUnknown', `There is no role template "${roleRef.name}"`)
  const what = `Role template "${roleRef.name}"`
  if (scope.kind === 'organization')
    return { role: { type: 'rules', rules }, condition: resolved('Compiled', `${what} holds`) }
  const repositories = scope.repositories ?? []
  const part = narrowed(rules, repositories)
  const left = `cannot be limited to repositories and is left out: ${listing(part.left)}`
  if (part.rules.length === 0)
    return unresolved(
      'NothingInScope',
      `${what} has nothing to offer within repositories; what it permits ${left}`,
    )
  return {
    role: { type: 'rules', rules: part.rules },
    condition: resolved(
      'Narrowed',
      `${what} holds for repositories ${listing(repositories)}; the rest ${left}`,
    ),
  }
}

function nativeRoleFor({ spec, metadata }: AgentRoleBinding, cluster: Cluster): Found {
  const { name } = spec.roleRef
  const kind = spec.roleRef.kind === 'ClusterRole' ? 'ClusterRole' : 'Role'
  const what = `${kind} "${name}"`
  const live =
    kind === 'ClusterRole'
      ? cluster.get(ClusterRole, name)
      : cluster.get(Role, name, metadata.namespace)
  if (!live) return unresolved('RoleMissing', `${what} does not exist`)
  const forbidden = forbiddenIn(live.rules ?? [])
  if (forbidden.length > 0)
    return unresolved(
      'RoleForbidden',
      `${what} holds what no agent is lent: ${listing(forbidden)}; bind a role without that [R44]`,
    )
  return {
    role: { type: 'native', kind, name },
    condition: resolved('Found', `${what} holds nothing that no agent is lent`),
  }
}

const resolved = (reason: string, message: string) => met('RoleResolved', reason, message)

const unresolved = (reason: string, message: string): Found => ({
  condition: unmet('RoleResolved', reason, message),
})
