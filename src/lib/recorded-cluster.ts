import { resourceOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { keyOf, type Cluster, type Lookup } from './cluster.ts'

/** What was looked at, each once. */
export interface Looks {
  readonly gets: ReadonlyMap<string, Lookup>
  readonly lists: ReadonlyMap<string, { readonly kind: Kind; readonly namespace?: string }>
}

/**
 * The same cluster, and a list of what somebody looks at in it from now on. What `lookups`
 * show only a part of is never asked for whole, however often it is read again.
 */
export function recorded(
  cluster: Cluster,
  lookups: readonly Lookup[] = [],
): { readonly cluster: Cluster; readonly looks: Looks } {
  const gets = new Map<string, Lookup>()
  const lists = new Map<string, { kind: Kind; namespace?: string }>()
  const parts = new Map(
    lookups.map(({ kind, name, namespace, part }) => [
      `${resourceOf(kind)}/${keyOf(name, namespace)}`,
      part,
    ]),
  )
  return {
    looks: { gets, lists },
    cluster: {
      now: cluster.now,
      get<T extends KubernetesObject>(kind: Kind<T>, name: string, namespace?: string) {
        const home = namespace === undefined ? {} : { namespace }
        const id = `${resourceOf(kind)}/${keyOf(name, namespace)}`
        const part = parts.get(id)
        gets.set(id, { kind, name, ...home, ...(part && { part }) })
        return cluster.get(kind, name, namespace)
      },
      list<T extends KubernetesObject>(kind: Kind<T>, namespace?: string) {
        const home = namespace === undefined ? {} : { namespace }
        lists.set(`${resourceOf(kind)}/${namespace ?? ''}`, { kind, ...home })
        return cluster.list(kind, namespace)
      },
    },
  }
}

/** Whether everything that was looked at is among `others`. */
export const covers = (others: Looks, looks: Looks): boolean =>
  [...looks.gets.keys()].every(key => others.gets.has(key)) &&
  [...looks.lists.keys()].every(key => others.lists.has(key))
