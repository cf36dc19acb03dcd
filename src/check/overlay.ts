import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { clusterOf, keyOfObject, type Cluster } from '#src/lib/cluster.ts'

/**
 * The cluster as it would be with more objects in it: those count instead of what is there
 * under the same name. `without` is the one that is being judged; of that, what is there counts.
 */
export function overlaid(
  base: Cluster,
  objects: readonly KubernetesObject[],
  without?: KubernetesObject,
): Cluster {
  const more = clusterOf(
    objects.filter(object => object !== without),
    base.now,
  )
  return {
    now: base.now,
    get: (kind, name, namespace) =>
      more.get(kind, name, namespace) ?? base.get(kind, name, namespace),
    list<T extends KubernetesObject>(kind: Kind<T>, namespace?: string) {
      const added = more.list(kind, namespace)
      // The base is asked whatever has been added: what is asked for may have to be read first.
      const there = base.list(kind, namespace)
      const keys = new Set(added.map(keyOfObject))
      return [...there.filter(object => !keys.has(keyOfObject(object))), ...added].toSorted(
        (a, b) => (keyOfObject(a) < keyOfObject(b) ? -1 : 1),
      )
    },
  }
}
