import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject, Status } from '#src/api/object.ts'
import type { Client } from '#src/lib/client.ts'
import { until } from './running.ts'

type Reported = KubernetesObject & { status?: Status }

/** What objects of one namespace say about themselves. */
export function reports(client: Client, namespace: string) {
  /** The phase, and each condition as `Type=True Reason`; nothing while that is about an older generation. */
  const conditionsOf = async (kind: Kind, name: string): Promise<readonly string[]> => {
    const found: Reported | undefined = await client.get(kind, name, namespace)
    if (found?.status?.observedGeneration !== found?.metadata.generation) return []
    return [
      String(found?.status?.phase),
      ...(found?.status?.conditions ?? []).map(
        ({ type, status, reason }) => `${type}=${status} ${reason}`,
      ),
    ]
  }

  /** Waits until all of these stand in the status of an object, the phase among them. */
  const says = async (kind: Kind, name: string, ...wanted: string[]): Promise<void> => {
    let last: readonly string[] = []
    await until(`${kind.kind} ${name} says ${wanted.join(', ')}`, async () => {
      last = await conditionsOf(kind, name)
      return wanted.every(condition => last.includes(condition))
    }).catch((error: Error) => {
      throw new Error(`${error.message}, but ${last.join(', ')}`)
    })
  }

  const messageOf = async (kind: Kind, name: string, type: string): Promise<string> => {
    const found: Reported | undefined = await client.get(kind, name, namespace)
    return found?.status?.conditions?.find(condition => condition.type === type)?.message ?? ''
  }
  return { conditionsOf, says, messageOf }
}
