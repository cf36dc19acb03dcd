import { Namespace } from '#src/api/core/v1.ts'
import type { Client } from '#src/lib/client.ts'
import { internalError } from './refusal.ts'

/** The namespaces of the cluster. */
export interface Namespaces {
  /** As last seen, or as it is now where nobody has seen it. Throws StatusError 500 where nobody can tell. */
  get(name: string, signal: AbortSignal): Promise<Namespace | undefined>
}

/** From a watch, and from the API server on a miss: a namespace may have been made a moment ago. */
export const namespacesOf = (
  seen: { get(name: string): Namespace | undefined },
  client: Pick<Client, 'get'>,
): Namespaces => ({
  async get(name, signal) {
    const known = seen.get(name)
    if (known) return known
    try {
      return await client.get(Namespace, name, undefined, { signal })
    } catch (error) {
      throw internalError((error as Error).message)
    }
  },
})
