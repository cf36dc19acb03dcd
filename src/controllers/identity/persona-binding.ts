import { createHash } from 'node:crypto'
import { User } from '#src/api/identity/v1alpha1.ts'
import type { RoleBinding, Subject } from '#src/api/rbac/v1.ts'
import { isAsLeftBy, projectedFor } from '#src/lib/projection.ts'
import { roleOf, type Persona } from './personas.ts'

const RBAC = 'rbac.authorization.k8s.io'

/** Who applies these bindings; the name of the Deployment. */
const MANAGER = 'identity-controller'

/** The longest name of a RoleBinding. */
const NAME_MAX_LENGTH = 253

/** The name of the binding that makes a User a persona; a long one is cut, and told apart by a hash. */
export function bindingName(persona: Persona, user: string): string {
  const name = `kradle-${persona}-${user}`
  if (name.length <= NAME_MAX_LENGTH) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 10)
  return `${name.slice(0, NAME_MAX_LENGTH - hash.length - 1)}-${hash}`
}

/** The binding that makes a User a persona in his organisation's namespace. `subjects` are user names. */
export function bindingFor(user: User, persona: Persona, subjects: readonly string[]): RoleBinding {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: projectedFor(user, User, bindingName(persona, user.metadata.name)),
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: roleOf(persona) },
    subjects: subjects.map(name => ({ apiGroup: RBAC, kind: 'User', name })),
  }
}

/**
 * What somebody else has put into a binding that gives more than it should, in words;
 * empty where there is nothing. Subjects that we wrote ourselves and that are no
 * longer wanted are none of these: whoever changes the list becomes its manager.
 */
export function excessOf(live: RoleBinding, wanted: RoleBinding): readonly string[] {
  const role = idOfRole(live) === idOfRole(wanted) ? [] : [`role ${idOfRole(live)}`]
  if (isAsLeftBy(MANAGER, live, 'subjects')) return role
  const declared = new Set((wanted.subjects ?? []).map(idOfSubject))
  const extra = (live.subjects ?? []).map(idOfSubject).filter(id => !declared.has(id))
  return [...role, ...extra]
}

const idOfRole = ({ roleRef }: RoleBinding): string => `${roleRef.kind} "${roleRef.name}"`

const idOfSubject = ({ kind, name, namespace }: Subject): string =>
  `${kind} "${namespace ? `${namespace}/` : ''}${name}"`
