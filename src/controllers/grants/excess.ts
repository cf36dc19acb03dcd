import type { PolicyRule, RoleBinding, Subject } from '#src/api/rbac/v1.ts'
import { permissionsOf, textOf, type Permission } from '#src/permissions/role-templates.ts'

/** What `live` permits and `wanted` does not, as text. */
export function rulesBeyond(
  wanted: readonly PolicyRule[],
  live: readonly PolicyRule[],
): readonly string[] {
  const keyOf = ({ verb, group, resource }: Permission, name = '') =>
    JSON.stringify([verb, group, resource, name])
  const held = new Set(permissionsOf(wanted).map(permission => keyOf(permission, permission.name)))
  const covered = (permission: Permission) =>
    held.has(keyOf(permission)) || held.has(keyOf(permission, permission.name))
  const beyond = permissionsOf(live).filter(permission => !covered(permission))
  return [...new Set(beyond.map(textOf))]
}

/** Who is bound by `live` and not by `wanted`, as text. */
export function subjectsBeyond(wanted: RoleBinding, live: RoleBinding): readonly string[] {
  const keyOf = ({ kind, namespace = '', name }: Subject) => `${kind}/${namespace}/${name}`
  const bound = new Set((wanted.subjects ?? []).map(keyOf))
  return (live.subjects ?? [])
    .filter(subject => !bound.has(keyOf(subject)))
    .map(({ kind, name }) => `subject ${kind} "${name}"`)
}

/** The role that `live` binds to where that is another than in `wanted`, as text. */
export function roleBeyond(wanted: RoleBinding, live: RoleBinding): readonly string[] {
  const { kind, name } = live.roleRef
  const same = kind === wanted.roleRef.kind && name === wanted.roleRef.name
  return same ? [] : [`role ${kind} "${name}"`]
}
