import type { Cluster } from '#src/lib/cluster.ts'
import type { ConditionInput, Plan } from '#src/lib/controller.ts'
import type { Grant } from '#src/permissions/grants.ts'
import { readyWhen, unmet } from '#src/lib/conditions.ts'
import { consumersOf } from './grant-subject.ts'
import { nextLook } from './next-look.ts'

/** What only a person can mend, by changing the grant or what it contradicts. */
const BLOCKING: ReadonlySet<string> = new Set([
  'AccountMismatch',
  'AgentAccount',
  'SecretNotAllowed',
])

/** From this instant on, which is not part of its life, a grant is stale. */
export const isExpired = ({ spec }: Grant, now: Date): boolean =>
  spec.expiresAt !== undefined && !(now.getTime() < Date.parse(spec.expiresAt))

/** An expired grant serves nobody, so there is nothing more to find out about it. */
export const expired = ({ spec }: Grant): Plan => ({
  status: {
    phase: 'Expired',
    conditions: [
      unmet(
        'Ready',
        'Expired',
        `The grant ended at ${spec.expiresAt}; set a later expiresAt, or delete it`,
      ),
    ],
    fields: { consumers: undefined, rotation: undefined },
  },
})

/** What came of looking at a grant. `warnings` do not make it unusable. */
export function outcome(
  grant: Grant,
  cluster: Cluster,
  found: {
    readonly conditions: readonly ConditionInput[]
    readonly warnings: readonly ConditionInput[]
    readonly fields?: Readonly<Record<string, unknown>>
    /** RFC 3339: when something will be different. */
    readonly changesAt?: string | undefined
  },
): Plan {
  const { conditions, warnings, fields = {}, changesAt } = found
  const wrong = conditions.filter(({ status }) => status === 'False')
  return {
    status: {
      phase: phaseOf(wrong),
      conditions: [
        ...readyWhen(conditions, 'Ready', 'The grant can be used by those it is for'),
        ...warnings,
      ],
      fields: { consumers: consumersOf(grant, cluster), ...fields },
    },
    requeueAfter: nextLook(cluster.now, String(grant.metadata.uid), wrong.length > 0, [
      grant.spec.expiresAt,
      changesAt,
    ]),
  }
}

function phaseOf(wrong: readonly ConditionInput[]): string {
  if (wrong.length === 0) return 'Ready'
  return wrong.some(({ reason }) => BLOCKING.has(reason)) ? 'Blocked' : 'Pending'
}
