import { resourceOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { idOf, keyOf, keyOfObject, UnwatchedKind, type Cluster, type Lookup } from './cluster.ts'
import type { Store } from './store.ts'

/** The part of a store that a cluster is read from. */
export type Cache = Pick<Store, 'get' | 'list'>

/** An object as the API server has it now, which counts for more than what a watch has brought. */
export interface LiveRead extends Lookup {
  readonly object: KubernetesObject | undefined
}

/**
 * The cluster as watches and live reads show it. `caches` gives the stores of a kind,
 * more than one where it is watched in parts; none means that nobody declared it.
 */
export function cachedCluster(
  caches: (kind: Kind) => readonly Cache[],
  now: Date,
  reads: readonly LiveRead[] = [],
): Cluster {
  const live = new Map(
    reads.map(({ kind, name, namespace, object }) => [idOf(kind, name, namespace), object]),
  )
  const liveOf = (kind: Kind) => reads.filter(read => resourceOf(read.kind) === resourceOf(kind))
  const declared = (kind: Kind): readonly Cache[] => {
    const found = caches(kind)
    if (found.length === 0) throw new UnwatchedKind(kind)
    return found
  }
  return {
    now,
    get<T extends KubernetesObject>(kind: Kind<T>, name: string, namespace?: string) {
      const id = idOf(kind, name, namespace)
      if (live.has(id)) return live.get(id) as T | undefined
      for (const cache of declared(kind)) {
        const object = cache.get(name, namespace)
        if (object) return object as T
      }
      return undefined
    },
    list<T extends KubernetesObject>(kind: Kind<T>, namespace?: string) {
      const parts = declared(kind)
      const overrides = liveOf(kind)
      if (parts.length === 1 && overrides.length === 0) return parts[0]?.list(namespace) as T[]
      const byKey = new Map<string, KubernetesObject>()
      for (const part of parts)
        for (const object of part.list(namespace)) byKey.set(keyOfObject(object), object)
      for (const { name, namespace: home, object } of overrides) {
        if (namespace !== undefined && home !== namespace) continue
        if (object) byKey.set(keyOf(name, home), object)
        else byKey.delete(keyOf(name, home))
      }
      return [...byKey.entries()]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, object]) => object as T)
    },
  }
}
