import { Lease } from '#src/api/coordination/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import { ORG_NAMESPACE_PREFIX } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { watch, type Watch } from '#src/lib/controller.ts'

/** Where one of Kyverno's controllers shows that it lives: a Lease that it renews, in whichever namespace it runs. */
export interface Heartbeat {
  readonly lease: string
  /** As people call it. */
  readonly controller: string
  /** RFC 3339; undefined where the Lease does not say. */
  timeOf(this: void, lease: Lease): string | undefined
}

/** Renewed every 10 s, and only while it can be reached from itself. */
export const ADMISSION: Heartbeat = {
  lease: 'kyverno-health',
  controller: 'admission controller',
  timeOf: ({ metadata }) => metadata.annotations?.['kyverno.io/last-request-time'],
}

/** It has no health but its part in the election: whoever leads renews this every 2 s. */
export const REPORTS: Heartbeat = {
  lease: 'kyverno-reports-controller',
  controller: 'reports controller',
  timeOf: ({ spec }) => spec?.renewTime,
}

/** How long it may be silent, in seconds: four times what it takes to renew, and some. */
const SILENCE_SECONDS = 45

/** How it looks at `cluster.now`: for how many seconds more, or why it is taken to be dead. */
export type Sign = { readonly lookAgain: number } | { readonly silent: string }

/** Whether it was heard of lately. What an organisation has in its namespace is no proof. */
export function signOf({ lease, controller, timeOf }: Heartbeat, cluster: Cluster): Sign {
  const heard = cluster
    .list(Lease)
    .filter(each => isOf(lease, each))
    .map(each => ({ at: Date.parse(timeOf(each) ?? ''), until: untilOf(each) }))
    .filter(({ at }) => !Number.isNaN(at))
    .toSorted((a, b) => b.at + b.until - a.at - a.until)[0]
  if (!heard)
    return {
      silent: `nobody renews Lease "${lease}"; start its ${controller}, and it goes on by itself`,
    }
  const left = (heard.at + heard.until - cluster.now.getTime()) / 1000
  if (left > 0) return { lookAgain: left }
  const at = new Date(heard.at).toISOString()
  return {
    silent: `its ${controller} was last heard of at ${at}; start it, and it goes on by itself`,
  }
}

/** In milliseconds. Somebody may have told it to renew less often. */
const untilOf = ({ spec }: Lease): number =>
  Math.max(SILENCE_SECONDS, spec?.leaseDurationSeconds ?? 0) * 1000

const isOf = (lease: string, { metadata: { name, namespace = '' } }: KubernetesObject): boolean =>
  name === lease && !namespace.startsWith(ORG_NAMESPACE_PREFIX)

type Status = { readonly status?: { readonly conditions?: readonly { readonly reason: string }[] } }

/** Brings up those that miss it, by the reason in their conditions, when it is heard of again; it renews all the time. */
export const heartbeatWatch = ({ lease }: Heartbeat, own: Kind, reason: string): Watch =>
  watch(Lease, {
    name: lease,
    toOwners: (object, cluster) =>
      isOf(lease, object)
        ? cluster
            .list(own)
            .filter(each => gives(reason, each))
            .map(refTo)
        : [],
  })

const gives = (reason: string, object: KubernetesObject): boolean =>
  (object as Status).status?.conditions?.some(condition => condition.reason === reason) ?? false

/** An object of the controller's own, for toOwners. */
export const refTo = ({ metadata: { name, namespace } }: KubernetesObject) => ({
  name,
  ...(namespace !== undefined && { namespace }),
})
