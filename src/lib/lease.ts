import { apiVersionOf } from '#src/api/kind.ts'
import { Lease } from '#src/api/coordination/v1.ts'

/** What we know of a Lease, and since when: other machines' clocks are never compared with ours. */
export interface Observation {
  /** '' where nobody holds it. */
  readonly holder: string
  /** Milliseconds of our own clock at which it was first seen like this. */
  readonly at: number
  readonly durationMs: number
  /** Changes with every renewal. */
  readonly record: string
}

/** The observation after another look; unchanged for as long as the holder does not renew. */
export function observe(
  previous: Observation | undefined,
  lease: Lease,
  nowMs: number,
): Observation {
  const record = JSON.stringify([lease.metadata.uid, lease.spec])
  if (previous?.record === record) return previous
  const { holderIdentity = '', leaseDurationSeconds = 0 } = lease.spec ?? {}
  return { holder: holderIdentity, at: nowMs, durationMs: leaseDurationSeconds * 1000, record }
}

/** Whether this identity may write itself into the Lease. */
export const mayTake = (seen: Observation, identity: string, nowMs: number): boolean =>
  seen.holder === '' || seen.holder === identity || nowMs - seen.at >= seen.durationMs

/** The Lease with us as its holder from now on. Its resourceVersion makes sure that nobody was faster. */
export function claimed(lease: Lease, identity: string, seconds: number, now: Date): Lease {
  const { holderIdentity = '', acquireTime, leaseTransitions = 0 } = lease.spec ?? {}
  const ours = holderIdentity === identity
  const time = microTime(now)
  return {
    ...lease,
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: seconds,
      acquireTime: ours && acquireTime ? acquireTime : time,
      renewTime: time,
      leaseTransitions: ours ? leaseTransitions : leaseTransitions + 1,
    },
  }
}

/** The Lease for whoever comes next to take at once. */
export function released(lease: Lease, now: Date): Lease {
  const time = microTime(now)
  return {
    ...lease,
    spec: {
      ...lease.spec,
      holderIdentity: '',
      leaseDurationSeconds: 1,
      acquireTime: time,
      renewTime: time,
    },
  }
}

/** A Lease that has never been held. */
export const freshLease = (name: string, namespace: string): Lease => ({
  apiVersion: apiVersionOf(Lease),
  kind: Lease.kind,
  metadata: { name, namespace },
  spec: { leaseTransitions: -1 },
})

/** metav1.MicroTime wants six digits. */
const microTime = (date: Date): string => date.toISOString().replace('Z', '000Z')
