import { resourceOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { ApiError, isExpired, isNotFound } from './api-error.ts'
import { backoffMs } from './backoff.ts'
import type { Selection } from './calls.ts'
import type { Client } from './client.ts'
import { sleep, systemClock, type Clock } from './clock.ts'
import { keyOfObject } from './cluster.ts'
import { KradleError } from './errors.ts'
import type { Logger } from './log.ts'
import { slim } from './slim.ts'
import { Store } from './store.ts'
import type { WatchEvent } from './watch-event.ts'

export interface ReflectorOptions<T extends KubernetesObject> extends Selection {
  readonly client: Client
  readonly kind: Kind<T>
  readonly log: Logger
  /** Shrinks an object before it is kept, and may change its argument; `slim` unless told otherwise. */
  readonly project?: (object: T) => T
  /** 'empty' counts a kind that is not served as one without objects, and looks for it now and then. */
  readonly whenAbsent?: 'wait' | 'empty'
  /** Silence on a watch after which it is cut, in milliseconds; 90,000 unless told otherwise. Bookmarks come about every 60 s. */
  readonly idleMs?: number
  /** Objects in one page of a list. */
  readonly pageSize?: number
  readonly retry?: { readonly baseMs: number; readonly maxMs: number }
  /** Bounds in seconds between which each watch asks to be ended by the server. */
  readonly watchSeconds?: readonly [number, number]
  readonly clock?: Clock
}

/** Told synchronously, in order. Deleted: `now` is undefined; new: `old` is. Must not throw. */
export type ChangeHandler<T> = (old: T | undefined, now: T | undefined) => void

const LIST_TIMEOUT_MS = 60_000

/**
 * Keeps a store equal to what the API server has of one kind: lists once, then
 * follows changes from there, whatever happens to connections. Lists again only
 * where the server has forgotten the point to go on from.
 */
export class Reflector<T extends KubernetesObject = KubernetesObject> {
  readonly store = new Store<T>()
  readonly kind: Kind<T>
  readonly resource: string
  /** Which objects of the kind it follows. */
  readonly selection: Selection
  /** How often it listed and watched, for tests and the curious. */
  readonly counts = { lists: 0, watches: 0, events: 0 }

  readonly #options: ReflectorOptions<T>
  readonly #clock: Clock
  readonly #project: (object: T) => T
  readonly #log: Logger
  readonly #handlers = new Set<ChangeHandler<T>>()
  readonly #stopped = new AbortController()
  #running: Promise<void> | undefined
  #synced = Promise.withResolvers<void>()
  #hasSynced = false
  #contactAt = Number.NEGATIVE_INFINITY
  /** Where to go on from; undefined asks for a list. Opaque. */
  #resourceVersion: string | undefined
  #failures = 0
  #wake = () => {}

  constructor(options: ReflectorOptions<T>) {
    this.#options = options
    this.kind = options.kind
    this.resource = resourceOf(options.kind)
    const { namespace, labelSelector, fieldSelector, part } = options
    this.selection = Object.freeze({ namespace, labelSelector, fieldSelector, part })
    this.#clock = options.clock ?? systemClock
    this.#project = options.project ?? (object => slim(object))
    this.#log = options.log.child({ resource: this.resource })
  }

  /** Whether the store has ever been complete. */
  get hasSynced(): boolean {
    return this.#hasSynced
  }

  /** Resolves once the store is complete; rejects with an AbortError where `stop` comes first. */
  synced(): Promise<void> {
    return this.#synced.promise
  }

  /**
   * Seconds since the server last proved, by an event, a bookmark or a list, that nothing
   * was missed; Infinity before the first list. A quiet watch reaches about 60.
   */
  stalenessSeconds(): number {
    return (this.#clock.now() - this.#contactAt) / 1000
  }

  /** Adds a handler; it is told about what is there already first. The result takes it off again. */
  onChange(handler: ChangeHandler<T>): () => void {
    for (const object of this.store.list()) handler(undefined, object)
    this.#handlers.add(handler)
    return () => this.#handlers.delete(handler)
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    // Nobody may be waiting for it.
    this.#synced.promise.catch(() => {})
    this.#synced.reject(new DOMException('the reflector was stopped', 'AbortError'))
    await this.#running
  }

  /** What failed until now may succeed: tries again at once, and then as after a first failure. */
  wake(): void {
    this.#failures = 0
    this.#wake()
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped
    const { baseMs, maxMs } = this.#options.retry ?? { baseMs: 500, maxMs: 30_000 }
    while (!signal.aborted) {
      const error = await this.#step().catch((reason: unknown) => reason as Error)
      if (signal.aborted) return
      if (error) this.#note(error)
      else continue
      const wait = Math.max(
        backoffMs(this.#failures - 1, { baseMs, maxMs }),
        ((error instanceof ApiError ? error.retryAfterSeconds : 0) ?? 0) * 1000,
      )
      const awake = new AbortController()
      this.#wake = () => awake.abort()
      await sleep(wait, AbortSignal.any([signal, awake.signal]), this.#clock)
    }
  }

  /** Lists, if need be, and watches once. */
  async #step(): Promise<void> {
    this.#resourceVersion ??= await this.#list()
    const openedAt = this.#clock.now()
    const { events } = this.counts
    try {
      await this.#watch(this.#resourceVersion)
    } catch (error) {
      const idle = error instanceof KradleError && error.code === 'WatchIdle'
      // A cut after news or a long silence is the network's doing, not a server that refuses us: go on at once.
      if (!idle && (this.counts.events === events || error instanceof ApiError)) throw error
      this.#failures = 0
      return
    }
    // A server or proxy that ends every watch at once must not be asked in a loop.
    if (this.counts.events === events && this.#clock.now() - openedAt < 1000)
      throw new ApiError({ code: 500, message: 'the watch was ended at once' })
    this.#failures = 0
  }

  /**
   * Reads one object while a watch is silent. Where nothing changes and etcd does not
   * tell the API server so by itself, there are no bookmarks either; this makes it ask.
   */
  async #ask(): Promise<void> {
    const { client, kind } = this.#options
    const { signal } = this.#stopped
    await client.page(kind, { ...this.selection, limit: 1, signal }).catch((error: Error) => {
      // The watchdog is about to cut the watch anyway.
      this.#log.debug({ reason: error.message }, 'quiet watch, and no answer')
    })
  }

  #note(error: Error): void {
    this.#failures++
    const { message } = error
    if (this.#options.whenAbsent === 'empty' && isNotFound(error)) {
      this.#resourceVersion = undefined
      this.#log.debug({ reason: message }, 'not installed')
      return
    }
    if (isExpired(error) || this.#isStuck(error)) this.#resourceVersion = undefined
    const data = { reason: message, failures: this.#failures }
    if (this.#failures > 3) this.#log.warn(data, 'watch keeps failing')
    else this.#log.debug(data, 'watch interrupted')
  }

  /** Whether the server will keep refusing to go on from where we are, for another reason than being busy. */
  #isStuck(error: Error): boolean {
    return this.#failures >= 5 && error instanceof ApiError && ![429, 503, 504].includes(error.code)
  }

  /** Makes the store equal to a list of everything; gives back where to watch from. */
  async #list(): Promise<string> {
    const { client, kind, pageSize = 500, whenAbsent } = this.#options
    const seen = new Set<string>()
    let token = ''
    let version: string
    try {
      do {
        const page = await client.page(kind, {
          ...this.selection,
          limit: pageSize,
          continue: token,
          signal: this.#stopped.signal,
          timeoutMs: LIST_TIMEOUT_MS,
        })
        this.counts.lists += token === '' ? 1 : 0
        for (const item of page.items) {
          seen.add(keyOfObject(item))
          this.#put(item)
        }
        token = page.continue
        version = page.resourceVersion
      } while (token !== '')
    } catch (error) {
      if (whenAbsent !== 'empty' || !isNotFound(error)) throw error
      this.#complete(new Set())
      throw error
    }
    this.#complete(seen)
    return version
  }

  #complete(seen: ReadonlySet<string>): void {
    for (const key of this.store.keys()) if (!seen.has(key)) this.#remove(key)
    this.#contactAt = this.#clock.now()
    this.#hasSynced = true
    this.#synced.resolve()
  }

  #watch(resourceVersion: string): Promise<void> {
    const { client, kind, idleMs = 90_000, watchSeconds = [240, 360] } = this.#options
    const [least, most] = watchSeconds
    return client.watch(kind, {
      ...this.selection,
      resourceVersion,
      // Spread out, or every watch of every process ends in the same second.
      timeoutSeconds: Math.round(least + Math.random() * (most - least)),
      idleMs,
      signal: this.#stopped.signal,
      onOpen: () => this.counts.watches++,
      onQuiet: () => void this.#ask(),
      onEvent: event => this.#take(event),
    })
  }

  #take({ type, object }: WatchEvent): void {
    if (type === 'DELETED') this.#remove(keyOfObject(object))
    else if (type !== 'BOOKMARK') this.#put(object as T)
    // Only now: an event that could not be taken in has to come again.
    if (object.metadata.resourceVersion) this.#resourceVersion = object.metadata.resourceVersion
    this.#contactAt = this.#clock.now()
    this.counts.events++
  }

  #put(object: T): void {
    const now = this.#project(object)
    const old = this.store.byKey(keyOfObject(now))
    if (old && old.metadata.resourceVersion === now.metadata.resourceVersion) return
    // Deleted and made again while nobody looked: whoever cares about the old one has to hear of its end.
    if (old && old.metadata.uid !== now.metadata.uid) this.#remove(keyOfObject(old))
    this.#tell(this.store.set(now), now)
  }

  #remove(key: string): void {
    const old = this.store.delete(key)
    if (old) this.#tell(old, undefined)
  }

  #tell(old: T | undefined, now: T | undefined): void {
    for (const handler of this.#handlers) handler(old, now)
  }
}
