import { createHash } from 'node:crypto'
import type { Event } from '#src/api/core/v1.ts'
import type { Condition, KubernetesObject } from '#src/api/object.ts'

/**
 * The Event for a condition. Its name follows from what it says, so that the same
 * thing happening again raises a count instead of filling etcd.
 */
export function eventOf(
  object: KubernetesObject,
  condition: Condition,
  source: { readonly component: string; readonly instance: string; readonly now: Date },
): Event {
  const { name, namespace, uid, resourceVersion } = object.metadata
  const { status, reason, message } = condition
  const text = message ? `${condition.type}=${status}: ${message}` : `${condition.type}=${status}`
  const digest = createHash('sha256')
    .update(JSON.stringify([object.kind, uid, condition.type, status, reason, message]))
    .digest('hex')
  const time = `${source.now.toISOString().slice(0, 19)}Z`
  // Where Kubernetes itself puts the events of cluster-scoped objects.
  const home = namespace ?? 'default'
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name.slice(0, 200)}.${digest.slice(0, 16)}`, namespace: home },
    involvedObject: {
      apiVersion: object.apiVersion,
      kind: object.kind,
      name,
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
    },
    type: status === 'True' ? 'Normal' : 'Warning',
    reason,
    message: text.slice(0, 1024),
    action: 'Reconcile',
    reportingComponent: source.component,
    reportingInstance: source.instance.slice(0, 128),
    source: { component: source.component },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  }
}
