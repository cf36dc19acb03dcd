import { IdentityMapping, Invite, Team, type User } from '#src/api/identity/v1alpha1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { phaseOf } from './invite.ts'
import { holderOf } from './identitymapping.ts'

/** What somebody can be in an organisation, most rights first. */
export const PERSONAS = ['admin', 'maintainer', 'member', 'viewer'] as const
export type Persona = (typeof PERSONAS)[number]

/** The ClusterRole that a persona is bound to. */
export const roleOf = (persona: Persona): string => `kradle-${persona}`

/** Every persona that somebody declares the User to be; none for whoever is suspended or going. */
export function personasOf(user: User, cluster: Cluster): readonly Persona[] {
  const { name, namespace } = user.metadata
  if (user.metadata.deletionTimestamp || user.spec.signInState === 'suspended') return []
  const teams = cluster.list(Team, namespace).filter(isStaying)
  const roles = cluster
    .list(Invite, namespace)
    .filter(isStaying)
    .filter(({ spec }) => spec.acceptedBy === name)
    .filter(invite => phaseOf(invite, cluster.now) === 'Accepted')
    .map(({ spec }) => spec.role)
  const declared: Record<Persona, boolean> = {
    admin: user.spec.admin || roles.includes('admin'),
    maintainer: teams.some(({ spec }) => spec.maintainers?.includes(name)),
    member: teams.some(({ spec }) => spec.members?.includes(name)) || roles.includes('member'),
    viewer: false,
  }
  return PERSONAS.filter(persona => declared[persona])
}

/**
 * The Kubernetes users that the User is: the subjects of the mappings, less those that
 * an older mapping gives to somebody else (`taken`).
 */
export function subjectsOf(
  { metadata: { name, namespace } }: User,
  cluster: Cluster,
): { readonly subjects: readonly string[]; readonly taken: readonly string[] } {
  const mappings = cluster
    .list(IdentityMapping, namespace)
    .filter(isStaying)
    .filter(({ spec }) => spec.user === name && spec.provider === 'kubernetes')
    // The schema refuses these; a role for one would be a role for a part of Kubernetes.
    .filter(({ spec }) => !spec.subject.startsWith('system:'))
  const { subjects = [], taken = [] } = Object.groupBy(mappings, mapping =>
    holderOf(mapping, cluster).spec.user === name ? 'subjects' : 'taken',
  )
  const named = (list: readonly IdentityMapping[]) =>
    [...new Set(list.map(({ spec }) => spec.subject))].toSorted()
  return { subjects: named(subjects), taken: named(taken) }
}

const isStaying = ({ metadata }: KubernetesObject): boolean => !metadata.deletionTimestamp
