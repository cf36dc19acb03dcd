import { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '#src/api/apps/v1.ts'
import { CronJob, Job } from '#src/api/batch/v1.ts'
import { Pod, PodTemplate, ReplicationController } from '#src/api/core/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { mapOf, textOf, type Untyped } from './untyped.ts'

/** A Pod, or the Pod that an object will have made. */
export interface PodAt {
  readonly metadata: Untyped
  readonly spec: Untyped
  /** Where the spec stands in the object, for messages: `spec`, `spec.template.spec`. */
  readonly path: string
}

const places: readonly { readonly kind: Kind; readonly steps: readonly string[] }[] = [
  { kind: Pod, steps: [] },
  { kind: Deployment, steps: ['spec', 'template'] },
  { kind: StatefulSet, steps: ['spec', 'template'] },
  { kind: DaemonSet, steps: ['spec', 'template'] },
  { kind: ReplicaSet, steps: ['spec', 'template'] },
  { kind: Job, steps: ['spec', 'template'] },
  { kind: ReplicationController, steps: ['spec', 'template'] },
  { kind: CronJob, steps: ['spec', 'jobTemplate', 'spec', 'template'] },
  { kind: PodTemplate, steps: ['template'] },
]

/** Every kind that carries a Pod. */
export const podCarryingKinds: readonly Kind[] = Object.freeze(places.map(({ kind }) => kind))

/** The Pod in an object of one of these kinds; empty where there is none. Never throws, whatever the object is. */
export function podIn(
  resource: { readonly group: string; readonly resource: string },
  object: unknown,
): PodAt {
  const steps =
    places.find(({ kind }) => kind.group === resource.group && kind.plural === resource.resource)
      ?.steps ?? []
  const pod = steps.reduce((at, step) => mapOf(at[step]), mapOf(object))
  return {
    metadata: mapOf(pod['metadata']),
    spec: mapOf(pod['spec']),
    path: [...steps, 'spec'].join('.'),
  }
}

/** The account a Pod runs under. */
export const accountOf = (spec: unknown): string => {
  const { serviceAccountName, serviceAccount } = mapOf(spec)
  return textOf(serviceAccountName) || textOf(serviceAccount) || 'default'
}

/** Whether two Pods are the same to every rule: what runs, and what is said about it. */
export const isSamePod = (a: PodAt, b: PodAt): boolean =>
  jsonEqual(a.spec, b.spec) &&
  jsonEqual(mapOf(a.metadata['labels']), mapOf(b.metadata['labels'])) &&
  jsonEqual(mapOf(a.metadata['annotations']), mapOf(b.metadata['annotations']))
