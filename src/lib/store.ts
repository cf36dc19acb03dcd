import type { KubernetesObject } from '#src/api/object.ts'
import { keyOf, keyOfObject } from './cluster.ts'

/** Objects of one kind, as last seen. Whoever gets one out must not change it. */
export class Store<T extends KubernetesObject = KubernetesObject> {
  readonly #objects = new Map<string, T>()
  /** Keys by namespace, '' for cluster-scoped objects. */
  readonly #namespaces = new Map<string, Set<string>>()
  /** Keys in order, by namespace or of everything; made when asked for, dropped when a key comes or goes. */
  readonly #ordered = new Map<string | undefined, readonly string[]>()
  /** The objects of those keys; dropped with every change. */
  readonly #lists = new Map<string | undefined, readonly T[]>()

  get size(): number {
    return this.#objects.size
  }

  get(name: string, namespace?: string): T | undefined {
    return this.#objects.get(keyOf(name, namespace))
  }

  byKey(key: string): T | undefined {
    return this.#objects.get(key)
  }

  /** Ordered by key. The same array until something in it changes, so that what is made of it can be kept by it. */
  list(namespace?: string): readonly T[] {
    const known = this.#lists.get(namespace)
    if (known) return known
    const list = this.keys(namespace).map(key => this.#objects.get(key) as T)
    if (list.length > 0) this.#lists.set(namespace, list)
    return list
  }

  /** In order. */
  keys(namespace?: string): readonly string[] {
    const known = this.#ordered.get(namespace)
    if (known) return known
    const keys = namespace === undefined ? this.#objects.keys() : this.#namespaces.get(namespace)
    const ordered = [...(keys ?? [])].toSorted()
    // Namespaces nobody has objects in must not pile up here.
    if (ordered.length > 0) this.#ordered.set(namespace, ordered)
    return ordered
  }

  /** Puts the object in; gives back what stood there. */
  set(object: T): T | undefined {
    const key = keyOfObject(object)
    const old = this.#objects.get(key)
    this.#objects.set(key, object)
    const namespace = object.metadata.namespace ?? ''
    this.#unlist(namespace)
    if (old) return old
    const keys = this.#namespaces.get(namespace)
    if (keys) keys.add(key)
    else this.#namespaces.set(namespace, new Set([key]))
    this.#reorder(namespace)
    return undefined
  }

  /** Takes the object out; gives back what stood there. */
  delete(key: string): T | undefined {
    const old = this.#objects.get(key)
    if (!old) return undefined
    this.#objects.delete(key)
    const namespace = old.metadata.namespace ?? ''
    const keys = this.#namespaces.get(namespace)
    keys?.delete(key)
    if (keys?.size === 0) this.#namespaces.delete(namespace)
    this.#unlist(namespace)
    this.#reorder(namespace)
    return old
  }

  #unlist(namespace: string): void {
    this.#lists.delete(namespace)
    this.#lists.delete(undefined)
  }

  #reorder(namespace: string): void {
    this.#ordered.delete(namespace)
    this.#ordered.delete(undefined)
  }
}
