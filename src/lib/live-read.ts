import type { LiveRead } from './cached-cluster.ts'
import type { CallOptions } from './calls.ts'
import type { Client } from './client.ts'
import type { Lookup } from './cluster.ts'
import { keysOnly } from './keys-only.ts'

/** Reads objects as the API server has them now; of each, no more than its lookup asks for goes any further. */
export const readLive = (
  client: Pick<Client, 'get'>,
  lookups: Iterable<Lookup>,
  options: CallOptions,
): Promise<LiveRead[]> =>
  Promise.all(
    [...lookups].map(async lookup => {
      const { kind, name, namespace, part } = lookup
      const object = await client.get(kind, name, namespace, options)
      return { ...lookup, object: object && part === 'keys' ? keysOnly(object) : object }
    }),
  )
