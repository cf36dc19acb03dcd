import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import { Lease } from '#src/api/coordination/v1.ts'
import { resourceOf, type Kind } from '#src/api/kind.ts'
import { ORG_NAMESPACE_PREFIX } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { unmet } from '#src/lib/conditions.ts'
import { watch, type ConditionInput, type Watch } from '#src/lib/controller.ts'
import { definitionOf } from '#src/lib/informers.ts'

/** What Kyverno's admission controller renews every 10 s, in whichever namespace it runs. */
const HEALTH_LEASE = 'kyverno-health'
const ANNOTATION_LAST_REQUEST = 'kyverno.io/last-request-time'

/** How long Kyverno may be silent, in seconds: four times what it takes to renew, and some. */
const SILENCE_SECONDS = 45

export interface KyvernoState {
  /** Why Kyverno does nothing about it; undefined where it is at work. */
  readonly problem?: {
    readonly reason: 'KyvernoMissing' | 'KyvernoNotRunning'
    readonly message: string
  }
  /** When to look again, in seconds: silence is nothing that a watch tells of. */
  readonly lookAgain?: number
}

/** Whether objects of this kind can be stored. A definition that is being deleted takes no more. */
export function isDefined(kind: Kind, cluster: Cluster): boolean {
  const definition = cluster.get(CustomResourceDefinition, resourceOf(kind))
  return definition !== undefined && !definition.metadata.deletionTimestamp
}

/** Whether Kyverno is there for objects of these kinds, and at work. */
export function kyvernoState(kinds: readonly Kind[], cluster: Cluster): KyvernoState {
  const missing = kinds.find(kind => !isDefined(kind, cluster))
  if (missing)
    return {
      problem: {
        reason: 'KyvernoMissing',
        message: `Kyverno is not installed: there is no definition of ${resourceOf(missing)}; install Kyverno 1.19, and it goes on by itself`,
      },
    }
  const heard = lastHeard(cluster)
  const now = cluster.now.getTime()
  if (heard !== undefined && now < heard + SILENCE_SECONDS * 1000)
    return { lookAgain: (heard - now) / 1000 + SILENCE_SECONDS }
  return {
    problem: {
      reason: 'KyvernoNotRunning',
      message:
        heard === undefined
          ? `Kyverno does not run: nobody renews Lease "${HEALTH_LEASE}"; start its admission controller, and it goes on by itself`
          : `Kyverno does not run: its admission controller was last heard of at ${new Date(heard).toISOString()}; start it, and it goes on by itself`,
    },
  }
}

/** The problem as a condition. */
export const kyvernoCondition = (
  type: string,
  { reason, message }: NonNullable<KyvernoState['problem']>,
): ConditionInput => unmet(type, reason, message)

/** The last sign of life, in milliseconds. What an organisation has in its namespace is no proof. */
function lastHeard(cluster: Cluster): number | undefined {
  const times = cluster
    .list(Lease)
    .filter(({ metadata }) => isHealthLease(metadata))
    .map(({ metadata }) => Date.parse(metadata.annotations?.[ANNOTATION_LAST_REQUEST] ?? ''))
    .filter(time => !Number.isNaN(time))
  return times.length > 0 ? Math.max(...times) : undefined
}

const isHealthLease = ({ name, namespace = '' }: KubernetesObject['metadata']): boolean =>
  name === HEALTH_LEASE && !namespace.startsWith(ORG_NAMESPACE_PREFIX)

type Status = { readonly status?: { readonly conditions?: readonly { readonly reason: string }[] } }

/**
 * Brings up everything of a kind when a definition comes or goes, and when Kyverno is heard of
 * again, those that say that it does not run; it renews the Lease all the time.
 */
export const kyvernoWatches = (own: Kind, kinds: readonly Kind[]): readonly Watch[] => [
  ...kinds.map(kind =>
    watch(CustomResourceDefinition, {
      ...definitionOf(kind),
      toOwners: (_, cluster) => cluster.list(own).map(refTo),
    }),
  ),
  watch(Lease, {
    name: HEALTH_LEASE,
    toOwners: ({ metadata }, cluster) =>
      isHealthLease(metadata) ? cluster.list(own).filter(missesKyverno).map(refTo) : [],
  }),
]

const missesKyverno = (object: KubernetesObject): boolean =>
  (object as Status).status?.conditions?.some(({ reason }) => reason === 'KyvernoNotRunning') ??
  false

/** An object of the controller's own, for toOwners. */
export const refTo = ({ metadata: { name, namespace } }: KubernetesObject) => ({
  name,
  ...(namespace !== undefined && { namespace }),
})
