import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { keyOf, keyOfObject, type Cluster } from '#src/lib/cluster.ts'

/** A cluster that objects can be put into, without touching the one below. */
export interface Overlay {
  /** From now on this object counts instead of what was there under its name. */
  readonly store: (object: KubernetesObject) => void
  /** What is there, always as of now. */
  readonly view: Cluster
}

/** Puts objects over what `base` holds. */
export function overlaid(base: Cluster): Overlay {
  const kinds = new Map<string, Map<string, KubernetesObject>>()
  const storedOf = ({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>) => {
    const id = `${apiVersion}/${kind}`
    const stored = kinds.get(id) ?? new Map<string, KubernetesObject>()
    kinds.set(id, stored)
    return stored
  }
  const of = <T extends KubernetesObject>(kind: Kind<T>) =>
    storedOf({ apiVersion: apiVersionOf(kind), kind: kind.kind }) as Map<string, T>
  return {
    store(object) {
      const stored = storedOf(object)
      const { name, namespace } = object.metadata
      // The API server will name it; until then it has a key that is no name, and replaces nothing.
      stored.set(keyOf(name || `*${stored.size}`, namespace), object)
    },
    view: {
      now: base.now,
      get: (kind, name, namespace) =>
        of(kind).get(keyOf(name, namespace)) ?? base.get(kind, name, namespace),
      list<T extends KubernetesObject>(kind: Kind<T>, namespace?: string) {
        // The base is asked whatever has been stored: what is asked for may have to be read first.
        const there = base.list(kind, namespace)
        const stored = [...of(kind)].filter(
          ([key]) => !namespace || key.startsWith(`${namespace}/`),
        )
        if (stored.length === 0) return there
        const all = new Map([
          ...there.map(object => [keyOfObject(object), object] as const),
          ...stored,
        ])
        return [...all].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object)
      },
    },
  }
}
