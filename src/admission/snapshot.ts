import { resourceOf } from '#src/api/kind.ts'
import { cachedCluster } from '#src/lib/cached-cluster.ts'
import type { Client } from '#src/lib/client.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { readOne } from '#src/lib/live-read.ts'
import type { Reflector } from '#src/lib/reflector.ts'
import type { Read } from '#webhooks/rule.ts'

/** What the rules see: the stores of the watches, and the few objects read live for one request. */
export class Snapshot {
  readonly #client: Client
  readonly #stores: ReadonlyMap<string, readonly Reflector['store'][]>

  constructor(client: Client, reflectors: readonly Reflector[]) {
    this.#client = client
    this.#stores = new Map(reflectors.map(({ resource, store }) => [resource, [store]]))
  }

  /**
   * The cluster for one request. Most requests need nothing live, and then it comes
   * without a turn of the event loop. Fails where a live read fails or `signal`
   * fires: what could not be read must not look as if it did not exist.
   */
  view(reads: readonly Read[], now: Date, signal: () => AbortSignal): Cluster | Promise<Cluster> {
    const caches = (kind: Read['kind']) => this.#stores.get(resourceOf(kind)) ?? []
    const live = reads.filter(
      ({ kind, name, namespace, fresh }) =>
        fresh === 'live' ||
        (fresh === 'on-miss' && !caches(kind).some(store => store.get(name, namespace))),
    )
    if (live.length === 0) return cachedCluster(caches, now)
    const options = { signal: signal() }
    return Promise.all(
      live.map(async ({ kind, name, namespace, part }) => {
        const object = await readOne(this.#client, { kind, name, namespace, part }, options)
        return { kind, name, namespace, object }
      }),
    ).then(objects => cachedCluster(caches, now, objects))
  }
}
