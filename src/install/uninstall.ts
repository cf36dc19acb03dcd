import { Deployment } from '#src/api/apps/v1.ts'
import { kinds } from '#src/api/kinds.ts'
import { resourceOf } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { isNotFound } from '#src/lib/api-error.ts'
import type { Client } from '#src/lib/client.ts'
import { keyOfObject } from '#src/lib/cluster.ts'
import type { Logger } from '#src/lib/log.ts'
import { every, patienceWithin } from './every.ts'
import { insist } from './insist.ts'
import { release } from './release.ts'
import { stopDeployments } from './stop-deployments.ts'
import { generated, guards, isOurs, leftovers, type Sweep } from './sweeps.ts'
import { Tally } from './tally.ts'

/** What would put back what is taken away. */
const RESTORER = 'admission-controller'

/** How long it waits for controllers that hold up less than everything. */
const STOP_MS = 120_000

/** What was done. */
export interface Uninstalled {
  /** False where the admission controller did not stop, and nothing else was looked at. */
  readonly begun: boolean
  /** What is gone, by resource. */
  readonly removed: Tally
  /** Objects of ours that lost finalizers of ours, by resource. */
  readonly released: Tally
  /** Data that stays, by resource. */
  readonly kept: Tally
  /** What is wrong in the end, in sentences. */
  readonly problems: readonly string[]
}

/**
 * Takes away what Kradle wrote into the cluster for itself, and leaves what people wrote.
 * Whatever is gone already is passed over, so that it can be run again; what cannot be removed is
 * a problem, and the rest goes on. Only where the admission controller does not stop nothing is
 * touched: it would put everything back. `leaders` are the names of the controllers.
 */
export async function uninstall(
  client: Client,
  leaders: readonly string[],
  { signal, log }: { readonly signal: AbortSignal; readonly log: Pick<Logger, 'info'> },
): Promise<Uninstalled> {
  const [removed, released, kept] = [new Tally(), new Tally(), new Tally()]
  const problems: string[] = []
  const stop = async (names: readonly string[], until: AbortSignal) => {
    const { deleted, problems: failed } = await stopDeployments(client, names, until)
    removed.add(Deployment, deleted.length)
    problems.push(...failed)
    log.info({ names }, failed.length > 0 ? 'controllers did not stop' : 'controllers stopped')
    return failed.length === 0
  }
  const sweepAll = async (sweeps: readonly Sweep[]) => {
    for (const each of sweeps) {
      const swept = await sweep(client, each, signal)
      removed.add(each.kind, swept.removed)
      problems.push(...swept.problems)
    }
  }

  const begun = await stop([RESTORER], signal)
  if (!begun) return { begun, removed, released, kept, problems }
  // They would make anew what is generated, and put finalizers back.
  const others = leaders.filter(name => name !== RESTORER)
  await stop(others, AbortSignal.any([signal, AbortSignal.timeout(STOP_MS)]))
  await sweepAll(guards)
  log.info({}, 'nothing is judged any more')
  await sweepAll(generated)
  for (const kind of kinds) {
    const looked = await release(client, kind, signal)
    released.add(kind, looked.released)
    kept.add(kind, looked.kept)
    problems.push(...looked.problems)
  }
  await sweepAll(leftovers(leaders))
  return { begun, removed, released, kept, problems }
}

async function sweep(
  client: Client,
  each: Sweep,
  signal: AbortSignal,
): Promise<{ readonly removed: number; readonly problems: readonly string[] }> {
  const { kind, names = [], namespace, selection, whole } = each
  const patience = patienceWithin(signal)
  const problems: string[] = []
  let removed = 0
  const remove = async (object: KubernetesObject) => {
    const { name, namespace: home, uid } = object.metadata
    try {
      if (await insist(() => client.delete(kind, name, home, { uid }), patience)) removed++
    } catch (error) {
      problems.push(`${resourceOf(kind)} ${keyOfObject(object)} stays: ${(error as Error).message}`)
    }
  }
  try {
    for (const name of names) {
      const look = () =>
        whole ? client.get(kind, name, namespace) : client.metadata(kind, name, namespace)
      const object = await insist(look, patience)
      if (object && isOurs(each, object)) await remove(object)
    }
    if (selection) await every(client, kind, each, patience, remove)
  } catch (error) {
    // Not served: Kyverno, say, is not installed.
    if (!isNotFound(error))
      problems.push(`${resourceOf(kind)} could not be looked through: ${(error as Error).message}`)
  }
  return { removed, problems }
}
