import {
  AgentDispatchRun,
  ArtifactDownload,
  ExternalWriteIntent,
  Job,
  Pipeline,
  WebhookDelivery,
} from '#src/api/activity/v1alpha1.ts'
import { Pod } from '#src/api/core/v1.ts'
import { resourceOf, type Kind } from '#src/api/kind.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { PolicyExceptionRequest } from '#src/api/policy/v1alpha1.ts'
import { podCarryingKinds } from '#src/permissions/pod-template.ts'
import { mapOf } from '#src/permissions/untyped.ts'

/** Phases after which nothing happens any more. */
const FINAL: ReadonlyMap<string, readonly string[]> = new Map(
  (
    [
      [Pod, ['Succeeded', 'Failed']],
      [AgentDispatchRun, ['Completed', 'Failed']],
      [ExternalWriteIntent, ['Succeeded', 'Failed', 'Rejected']],
      [Job, ['Succeeded', 'Failed', 'Cancelled']],
      [Pipeline, ['Succeeded', 'Failed', 'Cancelled']],
      [PolicyExceptionRequest, ['Denied', 'Expired']],
      [WebhookDelivery, ['Succeeded', 'Failed', 'DeadLettered']],
    ] as const
  ).map(([kind, phases]) => [resourceOf(kind), phases]),
)

/**
 * Whether an object is over: what it did is done, and nobody can mend it, so it may outlive what it was judged by.
 */
export function isOver(kind: Kind, object: UnknownObject): boolean {
  // A record is of something that is over.
  if (resourceOf(kind) === resourceOf(ArtifactDownload)) return true
  const { phase } = mapOf(object.status)
  return FINAL.get(resourceOf(kind))?.includes(phase as string) ?? false
}

/** Everything that carries a Pod and is none. */
const templates: ReadonlySet<string> = new Set(
  podCarryingKinds.filter(kind => kind !== Pod).map(resourceOf),
)

/**
 * Whether an object is judged at all. One that is going is not; nor is a template that was made from another one (a
 * ReplicaSet, the Job of a CronJob): what it was made from is judged, and the Pods that come of it.
 */
export function isJudged(kind: Kind, { metadata }: UnknownObject): boolean {
  if (metadata.deletionTimestamp) return false
  const owners = metadata.ownerReferences as readonly { controller?: boolean }[] | undefined
  return !templates.has(resourceOf(kind)) || !owners?.some(({ controller }) => controller === true)
}
