import type { UnknownObject } from '#src/api/object.ts'
import type { Forms } from '#src/apiserver/http/forms.ts'
import { matches } from '#src/apiserver/read/match.ts'
import type { Resource } from '#src/apiserver/resource.ts'
import {
  ExpiredVersion,
  FutureVersion,
  type Change,
  type Entry,
  type Feed,
  type Key,
  type ListPage,
  type ListQuery,
  type Store,
  type StoredEvent,
  type Subscriber,
} from '#src/apiserver/storage/store.ts'

/** A resource as the definitions would give it, with one selectable field. */
export function testResource(plural = 'notes', namespaced = true): Resource {
  const kind = plural === 'notes' ? 'Note' : plural
  return {
    kind: { group: 'test.example', version: 'v1', kind, plural, namespaced },
    singular: plural,
    listKind: `${kind}List`,
    shortNames: [],
    categories: [],
    columns: [],
    selectableFields: ['.spec.colour'],
    schema: {},
    // Nothing that is written here is looked at.
    evaluator: {} as Resource['evaluator'],
    retention: {},
  }
}

export const note = (
  name: string,
  { namespace = 'a', colour = 'red', labels = {}, text = '' } = {},
): UnknownObject => ({
  apiVersion: 'test.example/v1',
  kind: 'Note',
  metadata: { name, namespace, uid: `uid-${name}`, labels },
  spec: { colour, text },
})

interface Kept {
  readonly event: StoredEvent
}

interface Listener {
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly subscriber: Subscriber
}

/** One resource in memory: every version that ever was, and whoever listens. */
export class MemoryStorage implements Store, Feed {
  /** Versions up to this one are no longer known. */
  floor = 0
  /** Thrown by everything that asks, if there. */
  broken: Error | undefined
  readonly listeners = new Set<Listener>()
  readonly #events: Kept[] = []
  #version = 100

  get position(): string {
    return String(this.#version)
  }

  put(object: UnknownObject): Entry {
    return this.#add(this.#latest(object.metadata.namespace!, object.metadata.name), object)
  }

  remove(namespace: string, name: string): Entry {
    const before = this.#latest(namespace, name)!
    return this.#add(before, JSON.parse(before.entry.json) as UnknownObject, 'DELETED')
  }

  async get(_: Resource, { namespace, name }: Key): Promise<Entry | undefined> {
    this.#check()
    const last = this.#latest(namespace, name)
    return last?.type === 'DELETED' ? undefined : last?.entry
  }

  async list(_: Resource, query: ListQuery): Promise<ListPage> {
    this.#check()
    const at = Number(query.at ?? this.#version)
    if (at < this.floor) throw new ExpiredVersion('gone')
    if (at > this.#version) throw new FutureVersion('not yet')
    const state = new Map<string, StoredEvent>()
    for (const { event } of this.#events)
      if (Number(event.entry.resourceVersion) <= at)
        state.set(`${event.entry.namespace}/${event.entry.name}`, event)
    const after = query.after ? `${query.after.namespace}/${query.after.name}` : ''
    const all = [...state]
      .filter(([key, { type }]) => key > after && type !== 'DELETED')
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, event]) => event)
      .filter(({ entry }) => query.namespace === undefined || entry.namespace === query.namespace)
      .filter(event =>
        matches(
          { labels: query.labels ?? [], fields: query.fields ?? [] },
          { ...event.entry, labels: event.labels, fields: event.fields },
        ),
      )
    const entries = all.slice(0, query.limit).map(({ entry }) => entry)
    const remaining = all.length - entries.length
    return { entries, resourceVersion: String(at), more: remaining > 0, remaining }
  }

  async write(_: Resource, change: Change): Promise<Entry> {
    return this.put(change.object)
  }

  async check(): Promise<void> {}

  async unclaim(): Promise<void> {}

  async subscribe(
    _: Resource,
    { namespace, name }: { namespace?: string | undefined; name?: string | undefined },
    from: string,
    subscriber: Subscriber,
  ) {
    this.#check()
    if (Number(from) < this.floor) throw new ExpiredVersion('gone')
    const listener = { namespace, name, subscriber }
    for (const { event } of this.#events)
      if (Number(event.entry.resourceVersion) > Number(from)) tell(listener, event)
    this.listeners.add(listener)
    return { stop: () => void this.listeners.delete(listener) }
  }

  /** Time passes without a write. */
  tick(): void {
    this.#version++
    for (const { subscriber } of this.listeners) subscriber.progress(this.position)
  }

  async reached(version: string, signal: AbortSignal): Promise<void> {
    while (this.#version < Number(version)) {
      signal.throwIfAborted()
      await new Promise(resolve => setTimeout(resolve, 5))
    }
  }

  #check(): void {
    if (this.broken) throw this.broken
  }

  #latest(namespace: string, name: string): StoredEvent | undefined {
    return this.#events.findLast(
      ({ event: { entry } }) => entry.namespace === namespace && entry.name === name,
    )?.event
  }

  #add(before: StoredEvent | undefined, object: UnknownObject, type?: 'DELETED'): Entry {
    const resourceVersion = String(++this.#version)
    const at = (state: UnknownObject): string =>
      JSON.stringify({ ...state, metadata: { ...state.metadata, resourceVersion } })
    const { namespace = '', name, uid = '', labels = {} } = object.metadata
    const entry = { namespace, name, uid, resourceVersion, json: at(object) }
    const known = before?.type === 'DELETED' ? undefined : before
    const event: StoredEvent = {
      type: type ?? (known ? 'MODIFIED' : 'ADDED'),
      entry,
      labels,
      fields: { '.spec.colour': (object.spec?.['colour'] as string | undefined) ?? '' },
      previous: known && {
        labels: known.labels,
        fields: known.fields,
        json: at(JSON.parse(known.entry.json) as UnknownObject),
      },
    }
    this.#events.push({ event })
    for (const listener of this.listeners) tell(listener, event)
    return entry
  }
}

function tell({ namespace, name, subscriber }: Listener, event: StoredEvent): void {
  if (namespace !== undefined && namespace !== event.entry.namespace) return
  if (name === undefined || name === event.entry.name) subscriber.event(event)
}

/** Forms that show what went in. */
export const plainForms: Forms = {
  tableOf: (_, of, includeObject) => ({
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: {},
    columnDefinitions: [{ name: 'Name', type: 'string' }],
    rows: (Array.isArray(of)
      ? of.map(({ json }: Entry) => JSON.parse(json) as UnknownObject)
      : [of as UnknownObject]
    ).map(({ metadata }) => ({ cells: [metadata.name], includeObject })),
  }),
  partialOf: ({ metadata }) => ({
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
  }),
}
