import type { UnknownObject } from '#src/api/object.ts'
import type { FieldRequirement, LabelRequirement } from '../selectors.ts'
import type { Resource } from '../resource.ts'

/** One object at one version, as it goes over the wire. */
export interface Entry {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  /** A decimal number of up to 19 digits: never a JavaScript number. */
  readonly resourceVersion: string
  /** The complete object as JSON, metadata.resourceVersion included. */
  readonly json: string
}

export interface Key {
  readonly namespace: string
  readonly name: string
}

export interface ListQuery {
  /** Undefined is all of them. */
  readonly namespace?: string | undefined
  readonly labels?: readonly LabelRequirement[]
  readonly fields?: readonly FieldRequirement[]
  /** At most as many entries; undefined is all. */
  readonly limit?: number | undefined
  /** Goes on after this key; ordered by namespace, then name, in bytes. */
  readonly after?: Key | undefined
  /** The state at exactly this version. Undefined is now: every write answered before the call is in it. */
  readonly at?: string | undefined
}

export interface ListPage {
  readonly entries: readonly Entry[]
  /** The version that the whole list stands for. */
  readonly resourceVersion: string
  /** Whether there is more after the last entry. */
  readonly more: boolean
  /** How many there are after the last entry; undefined where a selector makes counting dear. */
  readonly remaining?: number
}

/** One write. What is stored is `object` without metadata.resourceVersion, which the store gives. */
export type Change =
  | {
      readonly type: 'create'
      readonly object: UnknownObject
      readonly claim?: string
      /** How many objects of the resource its namespace may have, this one included. */
      readonly limit?: number
    }
  | {
      readonly type: 'update'
      readonly object: UnknownObject
      /** The version that is replaced; another one is there: ConflictError. */
      readonly expected: string
      readonly claim?: string
    }
  | {
      readonly type: 'delete'
      /** The last state, as watchers are shown it. */
      readonly object: UnknownObject
      readonly expected: string
    }

/** Where the objects are. Every method fails with StorageUnavailable while PostgreSQL cannot be reached. */
export interface Store {
  get(resource: Resource, key: Key, signal?: AbortSignal): Promise<Entry | undefined>
  /** Throws ExpiredVersion where `at` is older than what is kept, FutureVersion where it is yet to come. */
  list(resource: Resource, query: ListQuery, signal?: AbortSignal): Promise<ListPage>
  /**
   * Stores it in a transaction of its own. Throws LimitReached, AlreadyExists, NotFoundInStore, Conflict,
   * ClaimTaken where another object of the resource holds the claim, or OutcomeUnknown.
   */
  write(resource: Resource, change: Change, signal?: AbortSignal): Promise<Entry>
  /** Stores nothing. Throws LimitReached, AlreadyExists or ClaimTaken where `write` would at this moment. */
  check(resource: Resource, change: Change, signal?: AbortSignal): Promise<void>
  /** Takes its claim from an object, unless it has changed since. Nobody sees it: the object stays as it is, at its version. */
  unclaim(resource: Resource, entry: Entry, signal?: AbortSignal): Promise<void>
}

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED'

/** One change of one object, in the order of versions. */
export interface StoredEvent {
  readonly type: EventType
  readonly entry: Entry
  readonly labels: Readonly<Record<string, string>>
  /** By path as in `selectableFields`. */
  readonly fields: Readonly<Record<string, string>>
  /** Labels and fields before; undefined for ADDED. */
  readonly previous?:
    | {
        readonly labels: Readonly<Record<string, string>>
        readonly fields: Readonly<Record<string, string>>
        /**
         * The object before, with the version of this event: what a watcher is shown whose selector it leaves.
         * Without it he is shown the object as it is now.
         */
        readonly json?: string
      }
    | undefined
}

export interface Subscription {
  /** Ends it. */
  stop(): void
}

/** Told in order; `event` and `progress` versions only ever rise. Neither may block. */
export interface Subscriber {
  event(event: StoredEvent): void
  /** Everything up to this version has been told. */
  progress(resourceVersion: string): void
  /** Nothing more comes: `expired` where it was too slow or what it needs is gone (410), `unavailable` otherwise. */
  end(why: 'expired' | 'unavailable'): void
  /**
   * Whether he has taken most of what he was told; resolves once he has, or to false where he never will. What is past is
   * told piece by piece to those who have this.
   */
  taken?(): Promise<boolean>
}

/** What changes, from one poller per process. */
export interface Feed {
  /** Up to which version everything has been read. '' before the first poll. */
  readonly position: string
  /** Everything after `from`, which may be older than what is in memory. Throws ExpiredVersion. */
  subscribe(
    resource: Resource,
    scope: { readonly namespace?: string | undefined; readonly name?: string | undefined },
    from: string,
    subscriber: Subscriber,
  ): Promise<Subscription>
  /** Resolves once `position` is at least this. */
  reached(resourceVersion: string, signal: AbortSignal): Promise<void>
}

class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}

export class AlreadyExists extends StoreError {}
export class NotFoundInStore extends StoreError {}
/** The object changed since. */
export class Conflict extends StoreError {}
/** PostgreSQL does not answer, or not in time. */
export class StorageUnavailable extends StoreError {}
/** PostgreSQL went while it wrote, or was too slow: it may have happened. Not to be repeated without a look. */
export class OutcomeUnknown extends StoreError {}
/** A version whose state is no longer kept. */
export class ExpiredVersion extends StoreError {}
/** A version that nobody has given yet. */
export class FutureVersion extends StoreError {}
/** Another object holds what only one may hold. */
export class ClaimTaken extends StoreError {
  /** The name of the object that holds it. */
  readonly holder: string
  constructor(claim: string, holder: string) {
    super(`${claim} is held by ${holder}`)
    this.holder = holder
  }
}
/** The namespace has as many objects of the resource as it may have. */
export class LimitReached extends StoreError {
  /** How many it has; where it has far more than it may, at least so many. */
  readonly taken: number
  constructor(taken: number) {
    super(`there are ${taken} already`)
    this.taken = taken
  }
}
