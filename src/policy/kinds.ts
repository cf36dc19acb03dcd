import {
  ConfigMap,
  PersistentVolumeClaim,
  Pod,
  PodTemplate,
  ReplicationController,
  Secret,
  Service,
  ServiceAccount,
} from '#src/api/core/v1.ts'
import { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '#src/api/apps/v1.ts'
import { CronJob, Job } from '#src/api/batch/v1.ts'
import { ownedKinds } from '#src/api/kinds.ts'
import type { Kind } from '#src/api/kind.ts'

/** Those of Kubernetes' own that policies may judge: what runs in the namespace of an organisation, and what it needs. */
const native: readonly Kind[] = [
  ConfigMap,
  PersistentVolumeClaim,
  Pod,
  PodTemplate,
  ReplicationController,
  Secret,
  Service,
  ServiceAccount,
  DaemonSet,
  Deployment,
  ReplicaSet,
  StatefulSet,
  CronJob,
  Job,
]

/** The kinds that policies may judge: all that live in the namespace of an organisation. */
export const judgedKinds: readonly Kind[] = [...ownedKinds, ...native]

/** The kinds that `PullRequest` or `batch/Job` may mean. More than one: the name is not clear without a group. */
export function kindsNamed(target: string): readonly Kind[] {
  const slash = target.lastIndexOf('/')
  const name = target.slice(slash + 1)
  const group = slash < 0 ? undefined : target.slice(0, slash)
  return judgedKinds.filter(
    kind => kind.kind === name && (group === undefined || kind.group === group),
  )
}

/** As targetKinds has it: with the group in front where the name alone is not clear. */
export const targetName = (kind: Kind): string =>
  kindsNamed(kind.kind).length === 1 || kind.group === '' ? kind.kind : `${kind.group}/${kind.kind}`
