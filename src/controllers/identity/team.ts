import { Team, User } from '#src/api/identity/v1alpha1.ts'
import { controller } from '#src/lib/controller.ts'
import { met, quoted, readyWhen, unmet } from '#src/lib/conditions.ts'
import { referencesResolved, referenceWatches } from '#src/lib/reference-conditions.ts'

/**
 * Says on every Team whether there is a User for each name in it, and a Repository for each
 * permission; the roles it gives are the User's to project.
 */
export default controller(Team, {
  name: 'team',
  watches: referenceWatches(Team),
  writes: [],
  reconcile(team, cluster) {
    const missing = peopleOf(team).filter(name => !cluster.get(User, name, team.metadata.namespace))
    const resolved =
      missing.length === 0
        ? met('MembersResolved', 'UsersFound', 'Every User that is named exists')
        : unmet('MembersResolved', 'UserMissing', `There is no User ${quoted(missing)}`)
    return {
      status: {
        phase: missing.length === 0 ? 'Ready' : 'Degraded',
        conditions: [
          ...readyWhen([resolved], 'MembersResolved', 'The team is complete'),
          // A warning: rights to a Repository that is yet to come do no harm (R33).
          referencesResolved(Team, team, cluster),
        ],
      },
    }
  },
})

/** The Users in a team, each once. */
export const peopleOf = ({ spec }: Team): readonly string[] => [
  ...new Set([...(spec.maintainers ?? []), ...(spec.members ?? [])]),
]
