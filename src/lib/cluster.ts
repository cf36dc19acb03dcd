import { resourceOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'

/**
 * The read-only view of the cluster that rules and reconcilers decide on. It
 * never does I/O: whoever calls them has filled it before.
 */
export interface Cluster {
  /** The time of the decision; pure code has no clock of its own. */
  readonly now: Date
  /** The object, or undefined where it does not exist. Throws UnwatchedKind for a kind that was not declared as read. */
  get<T extends KubernetesObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined
  /** All objects of a kind, in a namespace or everywhere, ordered by key. */
  list<T extends KubernetesObject>(kind: Kind<T>, namespace?: string): readonly T[]
}

/** Names one object to be read. */
export interface Lookup {
  readonly kind: Kind
  readonly name: string
  readonly namespace?: string | undefined
  /**
   * Only this of the object, for whoever may not see more: 'keys' leaves metadata without
   * labels and annotations, type, and the names of the keys (KeysOnly). Live reads alone.
   */
  readonly part?: 'keys'
}

/** `namespace/name`, or `name` for cluster-scoped objects: the key of work queues and stores. */
export const keyOf = (name: string, namespace?: string): string =>
  namespace ? `${namespace}/${name}` : name

/** The same for one object among those of all kinds. */
export const idOf = (kind: Kind, name: string, namespace?: string): string =>
  `${resourceOf(kind)}/${keyOf(name, namespace)}`

/** The key of an object. */
export const keyOfObject = (object: KubernetesObject): string =>
  keyOf(object.metadata.name, object.metadata.namespace)

/** A cluster made of the given objects: for offline checks and tests. */
export function clusterOf(objects: readonly KubernetesObject[], now: Date): Cluster {
  const byKey = new Map(
    objects.map(object => [`${object.apiVersion}/${object.kind}/${keyOfObject(object)}`, object]),
  )
  const prefixOf = (kind: Kind) =>
    `${kind.group ? `${kind.group}/` : ''}${kind.version}/${kind.kind}/`
  return {
    now,
    get: <T extends KubernetesObject>(kind: Kind<T>, name: string, namespace?: string) =>
      byKey.get(prefixOf(kind) + keyOf(name, namespace)) as T | undefined,
    list: <T extends KubernetesObject>(kind: Kind<T>, namespace?: string) =>
      [...byKey.entries()]
        .filter(([key]) => key.startsWith(prefixOf(kind) + (namespace ? `${namespace}/` : '')))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, object]) => object as T),
  }
}

/** A kind was asked for that nobody declared to read; a bug in the rule or controller, never an answer. */
export class UnwatchedKind extends Error {
  readonly code = 'UnwatchedKind'
  constructor(kind: Kind) {
    super(`${resourceOf(kind)} was read without being declared`)
  }
}
