import { resourceOf, type Kind } from '#src/api/kind.ts'
import { limit } from '#src/admission/limit.ts'
import { cachedCluster, type LiveRead } from '#src/lib/cached-cluster.ts'
import type { Client } from '#src/lib/client.ts'
import { keyOf, type Cluster } from '#src/lib/cluster.ts'
import { readOne } from '#src/lib/live-read.ts'
import type { Reflector } from '#src/lib/reflector.ts'
import type { Read } from '#webhooks/rule.ts'

/** At a time: the API server is there for others, and most of the time it only waits for its own cache. */
const AT_ONCE = 16

/** What the rules see of the cluster, for many objects at once: the stores of the watches, and what is read live, once each. */
export class KeptView {
  readonly #client: Client
  readonly #followed: ReadonlyMap<string, readonly Reflector[]>

  constructor(client: Client, reflectors: readonly Reflector[]) {
    this.#client = client
    this.#followed = new Map(reflectors.map(reflector => [reflector.resource, [reflector]]))
  }

  /** The cluster with the wanted objects read. Rejects where one cannot be read: it must not look as if it were not there. */
  async view(reads: readonly Read[], now: Date, signal: AbortSignal): Promise<Cluster> {
    const caches = (kind: Kind) => this.#sources(kind).map(({ store }) => store)
    const wanted = new Map<string, Read>()
    for (const read of reads) {
      const { kind, name, namespace, fresh, part } = read
      if (fresh === 'cached') continue
      if (fresh === 'on-miss' && caches(kind).some(store => store.get(name, namespace))) continue
      const id = `${resourceOf(kind)}/${keyOf(name, namespace)}`
      // Whoever wants all of it gets all of it.
      if (!part || !wanted.has(id)) wanted.set(id, read)
    }
    const inTurn = limit(AT_ONCE)
    const read = await Promise.all(
      [...wanted.values()].map(each => inTurn(() => this.#read(each, signal))),
    )
    // What is not there is not in the caches either: to say so twice would only make every list slower.
    const news = read.filter(({ kind, object }) => object || caches(kind).length === 0)
    return cachedCluster(caches, now, news)
  }

  async #read({ kind, name, namespace, part }: Read, signal: AbortSignal): Promise<LiveRead> {
    const wanted = { kind, name, namespace, part }
    const object = await readOne(this.#client, wanted, { signal }, this.#sources(kind))
    return { kind, name, namespace, object }
  }

  #sources(kind: Kind): readonly Reflector[] {
    return this.#followed.get(resourceOf(kind)) ?? []
  }
}
