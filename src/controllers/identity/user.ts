import { IdentityMapping, Invite, Team, User } from '#src/api/identity/v1alpha1.ts'
import { ClusterRole, RoleBinding } from '#src/api/rbac/v1.ts'
import { controller, watch } from '#src/lib/controller.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { isFor, PROJECTED, removalOf } from '#src/lib/projection.ts'
import { rivalsOf } from './identitymapping.ts'
import { bindingFor, bindingName, excessOf } from './persona-binding.ts'
import { PERSONAS, personasOf, roleOf, subjectsOf } from './personas.ts'
import { peopleOf } from './team.ts'
import { refusedBy, statusOf, syncOf } from './user-status.ts'

/** No watch tells when a binding goes that is not ours, or what the API server refuses changes. */
const RETRY_SECONDS = 60

/**
 * Binds every User to the personas that Teams, accepted Invites and his own admin flag
 * make him, one RoleBinding each (R42). Who he is to Kubernetes, IdentityMappings say.
 *
 * What a binding lacks is put back. What somebody added to one may be an attack in
 * progress: it stays for people to see, and the User says so, until the binding is
 * deleted. A binding of the same name that somebody else made is never touched.
 */
export default controller(User, {
  name: 'user',
  watches: [
    watch(RoleBinding, {
      labels: PROJECTED,
      // By name as well: a User made anew waits for the bindings of the one before him to go.
      toOwners: (binding, cluster) =>
        cluster
          .list(User, binding.metadata.namespace)
          .filter(user => isFor(user, binding) || possibleFor(user).has(binding.metadata.name))
          .map(({ metadata: { name, namespace } }) => keyed(namespace, name)),
    }),
    watch(Team, {
      toOwners: team => peopleOf(team).map(name => keyed(team.metadata.namespace, name)),
    }),
    watch(Invite, {
      toOwners: ({ spec, metadata }) =>
        spec.acceptedBy === undefined ? [] : [keyed(metadata.namespace, spec.acceptedBy)],
    }),
    watch(IdentityMapping, {
      toOwners: (mapping, cluster) =>
        [mapping, ...rivalsOf(mapping, cluster)].map(({ spec, metadata }) =>
          keyed(metadata.namespace, spec.user),
        ),
    }),
  ],
  writes: [
    { kind: RoleBinding, verbs: ['create', 'patch', 'delete'] },
    { kind: ClusterRole, verbs: ['bind'], resourceNames: PERSONAS.map(roleOf) },
  ],
  // Watched are bindings with our label alone, so that one to be made may exist without it.
  lookups: (user, cluster) =>
    wantedFor(user, cluster)
      .filter(({ metadata: { name, namespace } }) => !cluster.get(RoleBinding, name, namespace))
      .map(({ metadata: { name, namespace } }) => ({ kind: RoleBinding, name, namespace })),
  reconcile(user, cluster) {
    const wanted = wantedFor(user, cluster).map(binding => judged(user, binding, cluster))
    const names = new Set(wanted.map(({ binding }) => binding.metadata.name))
    const others = cluster
      .list(RoleBinding, user.metadata.namespace)
      .filter(binding => isFor(user, binding) && !names.has(binding.metadata.name))
    const possible = possibleFor(user)
    const { over = [], strange = [] } = Object.groupBy(others, ({ metadata }) =>
      possible.has(metadata.name) ? 'over' : 'strange',
    )
    const foreign = wanted.filter(({ state }) => state === 'foreign')
    const excess = [
      ...wanted.flatMap(({ binding, excess: what }) =>
        what.map(each => `${each} in RoleBinding "${binding.metadata.name}"`),
      ),
      ...strange.map(({ metadata }) => `RoleBinding "${metadata.name}"`),
    ]
    const synced = syncOf(
      foreign.map(({ binding }) => binding.metadata.name),
      excess,
    )
    return {
      apply: wanted.filter(({ state }) => state === 'ours').map(({ binding }) => binding),
      delete: over.map(binding => removalOf(RoleBinding, binding)),
      status: statusOf(user, cluster, synced),
      refused: ({ message }) => ({
        status: statusOf(user, cluster, refusedBy(message)),
        requeueAfter: RETRY_SECONDS,
      }),
      ...(foreign.length > 0 && { requeueAfter: RETRY_SECONDS }),
    }
  },
})

/** The bindings that a User should have: one per persona, for all his accounts. */
function wantedFor(user: User, cluster: Cluster): readonly RoleBinding[] {
  const { subjects } = subjectsOf(user, cluster)
  if (subjects.length === 0) return []
  return personasOf(user, cluster).map(persona => bindingFor(user, persona, subjects))
}

/** The names of all bindings that a User may come to have. */
const possibleFor = ({ metadata }: User): ReadonlySet<string> =>
  new Set(PERSONAS.map(persona => bindingName(persona, metadata.name)))

/** What is to be done about a binding: applied where it is ours or not there, else left alone. */
function judged(
  user: User,
  binding: RoleBinding,
  cluster: Cluster,
): {
  readonly binding: RoleBinding
  readonly state: 'ours' | 'foreign' | 'drifted'
  readonly excess: readonly string[]
} {
  const { name, namespace } = binding.metadata
  const live = cluster.get(RoleBinding, name, namespace)
  if (!live) return { binding, state: 'ours', excess: [] }
  if (!isFor(user, live)) return { binding, state: 'foreign', excess: [] }
  const excess = excessOf(live, binding)
  return { binding, state: excess.length > 0 ? 'drifted' : 'ours', excess }
}

const keyed = (namespace: string | undefined, name: string) => ({
  name,
  ...(namespace && { namespace }),
})
