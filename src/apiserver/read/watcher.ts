import type { Media } from '../http/forms.ts'
import type { ApiRequest } from '../request.ts'
import { expired } from '../status-error.ts'
import type { Entry, StoredEvent, Subscriber, Subscription } from '../storage/store.ts'
import { exactly } from './field-selector.ts'
import type { Telling } from './frames.ts'
import { selection } from './list.ts'
import type { ListOptions } from './list-options.ts'
import { isDefinite, isNewer, normalised, reached } from './resource-version.ts'
import { watchEvent } from './watch-event.ts'
import type { WatchContext, WatchSink } from './watch.ts'

/** The last bookmark comes as long before the end, in milliseconds, so that the client need not go far back. */
const BEFORE_END_MS = 2_000

/** Objects that are read at once for the beginning of a watch. */
const PAGE = 500

/** One watch, from its first line to its last. */
export class Watcher implements Subscriber {
  readonly #context: WatchContext
  readonly #request: ApiRequest
  readonly #options: ListOptions
  readonly #sink: () => WatchSink
  readonly #telling: Omit<Telling, 'columns'>
  readonly #over = Promise.withResolvers<void>()
  readonly #deadline: number
  #isOver = false
  #bookmark: NodeJS.Timeout | undefined
  #sentAny = false
  /** Everything up to this version has been told. */
  #position = ''

  constructor(
    context: WatchContext,
    request: ApiRequest,
    options: ListOptions,
    media: Media,
    /** Begins the answer when called for the first time. */
    sink: () => WatchSink,
  ) {
    this.#context = context
    this.#request = request
    this.#options = options
    this.#sink = sink
    this.#telling = { resource: request.resource, media }
    const { leastMs } = context.limits
    const ms = options.timeoutSeconds * 1_000 || leastMs * (1 + Math.random())
    this.#deadline = Date.now() + ms
    // It may be over before anybody waits for it.
    this.#over.promise.catch(() => undefined)
  }

  /** Resolves when the watch is over, for whatever reason; rejects with what the client must be told of. */
  async run(): Promise<void> {
    const { signal, resource, namespace } = this.#request
    // setTimeout knows no time beyond 2^31 ms; nobody watches for 24 days.
    const timer = setTimeout(this.#end, Math.min(this.#deadline - Date.now(), 2 ** 31 - 1))
    signal.addEventListener('abort', this.#end, { once: true })
    if (signal.aborted) this.#end()
    let subscription: Subscription | undefined
    try {
      const from = await this.#begin()
      if (from === undefined || this.#isOver) return
      this.#position = from
      const name = exactly(this.#options.fields, 'metadata.name')
      const scope = { namespace: namespace || undefined, name }
      subscription = await this.#context.feed.subscribe(resource, scope, from, this)
      this.#sink()
      if (this.#options.allowWatchBookmarks) this.#scheduleBookmark()
      await this.#over.promise
    } finally {
      this.#end()
      subscription?.stop()
      clearTimeout(timer)
      signal.removeEventListener('abort', this.#end)
    }
  }

  event(event: StoredEvent): void {
    const { resourceVersion } = event.entry
    // The feed may be behind the list that this watch began with.
    if (this.#isOver || !isNewer(resourceVersion, this.#position)) return
    this.#position = resourceVersion
    const told = watchEvent(event, this.#options)
    if (told) this.#send(this.#context.frames.event(event, told, this.#tell()))
  }

  progress(resourceVersion: string): void {
    if (isNewer(resourceVersion, this.#position)) this.#position = resourceVersion
  }

  async taken(): Promise<boolean> {
    if (this.#isOver) return false
    const taken = await this.#sink().drained()
    if (!taken) {
      this.#sink().cut()
      this.#end()
    }
    return taken
  }

  end(why: 'expired' | 'unavailable'): void {
    if (why === 'expired') this.#over.reject(expired(`too old resource version: ${this.#position}`))
    // The client comes back with the version it has, and finds somebody who knows more.
    this.#end()
  }

  readonly #end = (): void => {
    this.#isOver = true
    clearTimeout(this.#bookmark)
    this.#over.resolve()
  }

  #tell(): Telling {
    const columns = !this.#sentAny
    this.#sentAny = true
    return { ...this.#telling, columns }
  }

  #send(frame: Buffer): void {
    const { limits, onDropped } = this.#context
    const sink = this.#sink()
    const { waiting } = sink
    if (waiting <= limits.waiting) {
      sink.send(frame)
      return
    }
    onDropped(this.#request.resource.kind.plural, waiting + frame.length)
    sink.cut()
    this.#end()
  }

  /** Tells of what is there, if that is wanted; the version to go on from, or undefined where nobody listens any more. */
  async #begin(): Promise<string | undefined> {
    const { feed } = this.#context
    const { sendInitialEvents, allowWatchBookmarks } = this.#options
    if (isDefinite(this.#options.resourceVersion)) {
      const asked = normalised(this.#options.resourceVersion)
      if (!sendInitialEvents) return asked
      await reached(feed, asked, this.#request.signal)
    }
    const at = await this.#tellPresent(sendInitialEvents === false)
    // On an ordinary watch this bookmark brings clients down.
    if (at !== undefined && sendInitialEvents && allowWatchBookmarks)
      this.#sink().send(this.#context.frames.bookmark(at, true, this.#tell()))
    return at
  }

  async #tellPresent(versionOnly: boolean): Promise<string | undefined> {
    const { store, frames } = this.#context
    const { resource, signal } = this.#request
    const wanted = selection(this.#request, this.#options)
    let at: string | undefined
    let after: Entry | undefined
    for (;;) {
      const limit = versionOnly ? 1 : PAGE
      const page = await store.list(resource, { ...wanted, limit, at, after }, signal)
      at = page.resourceVersion
      if (versionOnly) return at
      for (const entry of page.entries) this.#sink().send(frames.present(entry, this.#tell()))
      after = page.entries.at(-1)
      if (!page.more || !after) return at
      // What is there can be more than may ever wait; whoever does not read it at all is let go.
      if (!(await this.#sink().drained())) this.#sink().cut()
      else if (!this.#isOver) continue
      return undefined
    }
  }

  #scheduleBookmark(): void {
    const now = Date.now()
    const last = this.#deadline - BEFORE_END_MS
    const next = Math.min(now + this.#context.limits.bookmarkMs, last)
    if (next <= now || this.#isOver) return
    this.#bookmark = setTimeout(() => {
      this.#send(this.#context.frames.bookmark(this.#position, false, this.#tell()))
      this.#scheduleBookmark()
    }, next - now)
  }
}
