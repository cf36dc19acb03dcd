import type { Kind } from '#src/api/kind.ts'
import { cachedCluster } from './cached-cluster.ts'
import type { CallOptions } from './calls.ts'
import type { Client } from './client.ts'
import type { Cluster } from './cluster.ts'
import { readLive } from './live-read.ts'
import type { Looks } from './recorded-cluster.ts'
import type { Reflector } from './reflector.ts'
import { Store } from './store.ts'

/** A watch, as far as others read from it. */
export type Source = Pick<Reflector, 'store' | 'selection'>

/** The cluster with everything in `looks` read from the API server, and the rest as the watches show it. */
export async function liveCluster(
  client: Client,
  sources: (kind: Kind) => readonly Source[],
  looks: Looks,
  now: Date,
  options: CallOptions,
): Promise<Cluster> {
  const lists = [...looks.lists.values()].flatMap(({ kind, namespace }) =>
    sources(kind).map(async ({ selection }) => {
      const home = selection.namespace ?? namespace
      const store = new Store()
      // Watched in another namespace than the one that was asked for.
      if (home === undefined || namespace === undefined || home === namespace) {
        const { items } = await client.list(kind, { ...options, ...selection, namespace: home })
        for (const item of items) store.set(item)
      }
      return { kind, store }
    }),
  )
  // All awaited at once: whichever fails first, the rest must not fail unheard.
  const [read, ...found] = await Promise.all([
    readLive(client, looks.gets.values(), sources, options),
    ...lists,
  ])
  const listed = Map.groupBy(found, ({ kind }) => kind)
  const caches = (kind: Kind) => (listed.get(kind) ?? sources(kind)).map(({ store }) => store)
  return cachedCluster(caches, now, read)
}
