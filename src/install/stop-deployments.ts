import { Deployment } from '#src/api/apps/v1.ts'
import { Lease } from '#src/api/coordination/v1.ts'
import { Pod } from '#src/api/core/v1.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { Client } from '#src/lib/client.ts'
import { sleep, systemClock } from '#src/lib/clock.ts'
import { observe, type Observation } from '#src/lib/lease.ts'
import { insist } from './insist.ts'
import { podsOf, running } from './stopped.ts'

const LOOK_MS = 1_000

/**
 * Deletes Deployments of ours and waits until none of them can write any more. Resolves to the
 * names of those that were there, and to what is wrong in the end.
 */
export async function stopDeployments(
  client: Client,
  names: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly deleted: readonly string[]; readonly problems: readonly string[] }> {
  const deleted: string[] = []
  const problems: string[] = []
  for (const name of names)
    try {
      const there = await insist(() => client.delete(Deployment, name, PLATFORM_NAMESPACE), {
        signal,
      })
      if (there) deleted.push(name)
    } catch (error) {
      problems.push(`Deployment ${name} could not be deleted: ${(error as Error).message}`)
    }
  const seen = new Map<string, Observation>()
  for (;;) {
    const why = await atWork(client, names, seen, signal)
    if (why.length === 0 || signal.aborted)
      return {
        deleted,
        problems: [...problems, ...why],
      }
    await sleep(LOOK_MS, signal)
  }
}

/** Which of them may be at work, in sentences. `seen` are their Leases so far. */
async function atWork(
  client: Client,
  names: readonly string[],
  seen: Map<string, Observation>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const pods = await insist(() => client.list(Pod, { namespace: PLATFORM_NAMESPACE }), { signal })
    const looks = names.map(async name => {
      const lease = await insist(() => client.get(Lease, name, PLATFORM_NAMESPACE), { signal })
      const now = systemClock.now()
      if (lease) seen.set(name, observe(seen.get(name), lease, now))
      else seen.delete(name)
      const why = running(podsOf(name, pods.items), seen.get(name), now)
      return why && `${name} is still at work: ${why}`
    })
    return (await Promise.all(looks)).filter(why => why !== undefined)
  } catch (error) {
    return [`whether ${names.join(', ')} stopped is not known: ${(error as Error).message}`]
  }
}
