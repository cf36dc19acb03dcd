import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import { resourceOf, type Kind } from '#src/api/kind.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { unmet } from '#src/lib/conditions.ts'
import { watch, type ConditionInput, type Watch } from '#src/lib/controller.ts'
import { definitionOf } from '#src/lib/informers.ts'
import { ADMISSION, heartbeatWatch, refTo, REPORTS, signOf } from './kyverno-heartbeat.ts'

export interface KyvernoState {
  /** Why Kyverno does nothing about it; undefined where it is at work. */
  readonly problem?: {
    readonly reason: 'KyvernoMissing' | 'KyvernoNotRunning' | 'KyvernoNotReporting'
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
  const sign = signOf(ADMISSION, cluster)
  if ('lookAgain' in sign) return sign
  return {
    problem: { reason: 'KyvernoNotRunning', message: `Kyverno does not run: ${sign.silent}` },
  }
}

/** Whether Kyverno looks at what is there, and writes what it and others found into reports. */
export function reporterState(cluster: Cluster): KyvernoState {
  const sign = signOf(REPORTS, cluster)
  if ('lookAgain' in sign) return sign
  return {
    problem: {
      reason: 'KyvernoNotReporting',
      message: `What is reported is from before: ${sign.silent}`,
    },
  }
}

/** The problem as a condition. */
export const kyvernoCondition = (
  type: string,
  { reason, message }: NonNullable<KyvernoState['problem']>,
): ConditionInput => unmet(type, reason, message)

/**
 * Brings up everything of a kind when a definition comes or goes, and when Kyverno is heard of
 * again, those that say that it does not run.
 */
export const kyvernoWatches = (own: Kind, kinds: readonly Kind[]): readonly Watch[] => [
  ...kinds.map(kind =>
    watch(CustomResourceDefinition, {
      ...definitionOf(kind),
      toOwners: (_, cluster) => cluster.list(own).map(refTo),
    }),
  ),
  heartbeatWatch(ADMISSION, own, 'KyvernoNotRunning'),
]

/** The same for those that say that it does not report. */
export const reporterWatch = (own: Kind): Watch =>
  heartbeatWatch(REPORTS, own, 'KyvernoNotReporting')
