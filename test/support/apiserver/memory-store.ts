import type { UnknownObject } from '#src/api/object.ts'
import type { Resource } from '#src/apiserver/resource.ts'
import {
  AlreadyExists,
  ClaimTaken,
  Conflict,
  LimitReached,
  NotFoundInStore,
  type Change,
  type Entry,
  type Key,
  type ListQuery,
  type Store,
} from '#src/apiserver/storage/store.ts'

export interface MemoryStore extends Store {
  readonly entries: ReadonlyMap<string, Entry>
  /** Every change there was, in order. */
  readonly changes: readonly Change[]
  /** Runs once before the next write, to be faster than it. */
  interrupt(by: () => Promise<unknown>): void
}

/** Objects of one resource in memory; lists know namespaces, limits and labels by equality alone. */
export function memoryStore(): MemoryStore {
  const entries = new Map<string, Entry>()
  const claims = new Map<string, string>()
  const changes: Change[] = []
  let version = 100
  let interruption: (() => Promise<unknown>) | undefined
  const put = (object: UnknownObject): Entry => {
    const resourceVersion = String((version += 1))
    const { name, namespace = '', uid = '' } = object.metadata
    const json = JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion } })
    const entry = { name, namespace, uid, resourceVersion, json }
    entries.set(keyOf(entry), entry)
    return entry
  }
  const checked = (change: Change): void => {
    const { name, namespace = '' } = change.object.metadata
    if (change.type === 'create') {
      const taken = [...entries.values()].filter(entry => entry.namespace === namespace).length
      if (change.limit !== undefined && taken >= change.limit) throw new LimitReached(taken)
      if (entries.has(keyOf({ name, namespace }))) throw new AlreadyExists(name)
    }
    const claim = change.type === 'delete' ? undefined : change.claim
    const holder = claim === undefined ? undefined : claims.get(claim)
    if (claim !== undefined && holder !== undefined && holder !== name)
      throw new ClaimTaken(claim, holder)
  }
  return {
    entries,
    changes,
    interrupt(by) {
      interruption = by
    },
    get: (_: Resource, key: Key) => Promise.resolve(entries.get(keyOf(key))),
    list(_: Resource, { namespace, limit = Infinity, after, labels = [] }: ListQuery) {
      const all = [...entries.values()]
        .filter(entry => namespace === undefined || entry.namespace === namespace)
        .filter(({ json }) => {
          const { metadata } = JSON.parse(json) as UnknownObject
          return labels.every(({ key, values }) => values.includes(metadata.labels?.[key] ?? ''))
        })
        .filter(entry => !after || keyOf(entry) > keyOf(after))
        .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      return Promise.resolve({
        entries: all.slice(0, limit),
        resourceVersion: String(version),
        more: all.length > limit,
        remaining: Math.max(0, all.length - limit),
      })
    },
    check: async (_: Resource, change: Change) => checked(change),
    async unclaim(_: Resource, { name }: Entry) {
      for (const [held, by] of claims) if (by === name) claims.delete(held)
    },
    async write(_: Resource, change: Change) {
      const interrupting = interruption
      interruption = undefined
      await interrupting?.()
      const { name, namespace = '' } = change.object.metadata
      const key = keyOf({ name, namespace })
      const stored = entries.get(key)
      if (change.type !== 'create') {
        if (!stored) throw new NotFoundInStore(key)
        if (stored.resourceVersion !== change.expected) throw new Conflict(key)
      }
      checked(change)
      const claim = change.type === 'delete' ? undefined : change.claim
      for (const [held, by] of claims) if (by === name) claims.delete(held)
      if (claim !== undefined) claims.set(claim, name)
      changes.push(change)
      const entry = put(change.object)
      if (change.type === 'delete') entries.delete(key)
      return entry
    },
  }
}

const keyOf = ({ namespace, name }: Key): string => `${namespace}/${name}`
