import type { Pod } from '#src/api/core/v1.ts'
import type { Observation } from '#src/lib/lease.ts'
import { mayTake } from '#src/lib/lease.ts'

/**
 * Why a Deployment may still be at work, as a clause; undefined where it cannot be. `pods` are
 * those of its account, and `seen` is its Lease, if there is one: a Pod that is gone by force may
 * run on where its node is out of reach, but it writes nothing once its Lease is over.
 */
export function running(
  pods: readonly Pod[],
  seen: Observation | undefined,
  nowMs: number,
): string | undefined {
  const [pod] = pods.filter(({ status }) => !OVER.includes(String(status?.['phase'])))
  if (pod) {
    const node = pod.spec?.['nodeName']
    return `Pod ${pod.metadata.name}${typeof node === 'string' ? ` on node ${node}` : ''} is not gone`
  }
  if (!seen || mayTake(seen, '', nowMs)) return undefined
  return `its Lease is held by ${seen.holder}`
}

const OVER = ['Succeeded', 'Failed']

/** The Pods that run under an account. */
export const podsOf = (account: string, pods: readonly Pod[]): readonly Pod[] =>
  pods.filter(({ spec }) => spec?.['serviceAccountName'] === account)
