import { resourceOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { isNotFound } from '#src/lib/api-error.ts'
import type { Client } from '#src/lib/client.ts'
import { keyOfObject } from '#src/lib/cluster.ts'
import { every, patienceWithin } from './every.ts'
import { withoutOurs } from './finalizers.ts'
import { insist, type Patience } from './insist.ts'

/** What came of one kind. */
export interface Released {
  /** How many lost finalizers of ours. */
  readonly released: number
  /** How many there are that nobody is deleting. */
  readonly kept: number
  readonly problems: readonly string[]
}

/** Takes our finalizers off all objects of a kind: nobody would do so once Kradle is gone. */
export async function release(client: Client, kind: Kind, signal: AbortSignal): Promise<Released> {
  const patience = patienceWithin(signal)
  const kept = new Set<string | undefined>()
  const problems: string[] = []
  let released = 0
  const visit = async (object: KubernetesObject) => {
    if (!object.metadata.deletionTimestamp) kept.add(object.metadata.uid)
    try {
      if (withoutOurs(object) && (await releaseOne(client, kind, object, patience))) released++
    } catch (error) {
      const which = `${resourceOf(kind)} ${keyOfObject(object)}`
      problems.push(`${which} keeps its finalizers: ${(error as Error).message}`)
    }
  }
  try {
    await every(client, kind, {}, patience, visit)
  } catch (error) {
    if (!isNotFound(error))
      problems.push(`${resourceOf(kind)} could not be looked through: ${(error as Error).message}`)
  }
  return { released, kept: kept.size, problems }
}

const releaseOne = (
  client: Client,
  kind: Kind,
  { metadata: { name, namespace } }: KubernetesObject,
  patience: Patience,
): Promise<boolean> =>
  insist(async () => {
    const object = await client.metadata(kind, name, namespace)
    const finalizers = object && withoutOurs(object)
    if (!finalizers) return false
    const { uid, resourceVersion } = object.metadata
    const patch = { metadata: { uid, resourceVersion, finalizers } }
    await client.mergePatch(kind, { name, namespace }, patch)
    return true
  }, patience)
