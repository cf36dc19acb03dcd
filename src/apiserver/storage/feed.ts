import type { Logger } from '#src/lib/log.ts'
import type { Resource } from '../resource.ts'
import { CatchUp } from './catch-up.ts'
import { compiled } from './database.ts'
import { batchOf, eventsAfter, type Batch, type Scope } from './event-query.ts'
import { FedEvent } from './fed-event.ts'
import { HorizonLag } from './horizon-lag.ts'
import { Milestones } from './milestones.ts'
import { Pace } from './pace.ts'
import { Ring } from './ring.ts'
import type { Sessions } from './sessions.ts'
import { startingPoint } from './starting-point.ts'
import type { Feed, Subscriber, Subscription } from './store.ts'
import { Listener, Listeners } from './subscribers.ts'
import { compareVersions } from './versions.ts'

export interface FeedOptions {
  readonly sessions: Sessions
  readonly log?: Logger | undefined
  /** Of the events kept in memory; 64 MiB. */
  readonly ringBytes?: number
  /** How long PostgreSQL may be away before watches end; 30 s. */
  readonly patienceMs?: number
}

/** Bookmarks go out once a minute; everybody is told of quiet progress no more often than this. */
const PROGRESS_MS = 250

/** Reads what has happened, over and over, and tells those whom it concerns. */
export class PolledFeed implements Feed {
  readonly #sessions: Sessions
  readonly #log: Logger | undefined
  readonly #ringBytes: number
  readonly #patienceMs: number
  readonly #pace = new Pace()
  readonly #listeners = new Listeners()
  readonly #milestones = new Milestones()
  readonly #horizonLag = new HorizonLag()
  #ring: Ring | undefined
  #timeline = ''
  #position = ''
  /** Where to read on; after the first read the same as the position. */
  #cursor = ''
  #progressed = ''
  #progressedAt = 0
  /** When it last read everything there was, in ms of performance.now(). */
  #readAt = performance.now()
  #eventAge = 0
  #answers = false
  #running: Promise<void> = Promise.resolve()

  constructor({ sessions, log, ringBytes = 64 * 1024 ** 2, patienceMs = 30_000 }: FeedOptions) {
    this.#sessions = sessions
    this.#log = log
    this.#ringBytes = ringBytes
    this.#patienceMs = patienceMs
  }

  get position(): string {
    return this.#position
  }

  /** In seconds; how old the last event was when it was read, or for how long nothing could be read. */
  get lagSeconds(): number {
    return Math.max(this.#eventAge, (performance.now() - this.#readAt) / 1000)
  }

  /** For how long, in seconds, an open transaction has kept everybody from reading further. */
  get horizonLagSeconds(): number {
    return this.#horizonLag.seconds
  }

  /** Whether PostgreSQL answered when it was asked last. */
  get answers(): boolean {
    return this.#answers
  }

  get ring(): { readonly bytes: number; readonly size: number } {
    return { bytes: this.#ring?.bytes ?? 0, size: this.#ring?.size ?? 0 }
  }

  get subscribers(): number {
    return this.#listeners.size
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Ends every subscription. */
  async stop(): Promise<void> {
    this.#pace.stop()
    await this.#running
    this.#endAll('unavailable')
  }

  /** There is something to read, probably. */
  hint(): void {
    this.#pace.hurry()
  }

  async subscribe(
    resource: Resource,
    scope: Scope,
    from: string,
    subscriber: Subscriber,
  ): Promise<Subscription> {
    const listener = new Listener(resource, scope, from, subscriber, error => {
      this.#log?.error({ err: error }, 'a watch failed')
      this.#listeners.remove(listener)
    })
    const catchUp = new CatchUp(this.#sessions, listener, from, this.#pace.signal)
    if (!this.#inMemory(from)) await catchUp.begin()
    // Nothing is told before the caller holds what he can stop it with.
    setImmediate(() => void this.#join(listener, catchUp))
    return {
      stop: () => {
        listener.stop()
        this.#listeners.remove(listener)
      },
    }
  }

  async reached(resourceVersion: string, signal: AbortSignal): Promise<void> {
    if (this.#position !== '' && compareVersions(this.#position, resourceVersion) >= 0) return
    this.hint()
    await this.#milestones.wait(resourceVersion, signal)
  }

  #inMemory(version: string): boolean {
    return this.#ring !== undefined && compareVersions(version, this.#ring.start) >= 0
  }

  /** From the table as far as memory does not go back, then from memory, then live: the last piece and that in one go. */
  async #join(listener: Listener, catchUp: CatchUp): Promise<void> {
    let until = performance.now() + this.#patienceMs
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one piece after the other
      await listener.taken()
      if (listener.over) return
      if (this.#inMemory(catchUp.position)) {
        if (catchUp.tell(this.#ring!.after(catchUp.position))) break
        until = performance.now() + this.#patienceMs
        continue
      }
      if (this.#pace.stopped || performance.now() > until) return listener.end('unavailable')
      const before = catchUp.position
      try {
        await catchUp.next()
      } catch (error) {
        this.#log?.debug({ err: error }, 'could not read events for a watch')
      }
      if (before !== catchUp.position) until = performance.now() + this.#patienceMs
      // Nothing to read, or nothing to read it from: memory will be there in a moment.
      else await this.#pace.moment()
    }
    if (listener.over) return
    if (this.#pace.stopped) return listener.end('unavailable')
    this.#listeners.add(listener)
    listener.progress(this.#position)
  }

  async #run(): Promise<void> {
    while (!this.#pace.stopped) {
      try {
        const batch = await this.#read()
        this.#answers = true
        if (batch) this.#take(batch)
        this.#pace.read(batch?.events.length ?? 0, batch?.drained ?? false)
        await this.#pace.pause()
      } catch (error) {
        this.#failed(error)
        await this.#pace.afterFailure()
      }
    }
  }

  /** The next events; undefined where it had to begin anew. */
  async #read(): Promise<Batch | undefined> {
    const { signal } = this.#pace
    if (!this.#ring) {
      this.#cursor = await startingPoint(this.#sessions, signal)
      this.#ring = new Ring(this.#cursor, this.#ringBytes)
    }
    const from = this.#cursor
    const query = compiled(eventsAfter(from))
    const options = { name: 'kradle_feed', again: true, signal }
    const batch = batchOf(await this.#sessions.rows(query, options))
    this.#timeline ||= batch.timeline
    if (batch.timeline === this.#timeline && compareVersions(batch.floor, from) <= 0) return batch
    this.#log?.warn(
      { position: from, floor: batch.floor },
      'versions were lost, watches start anew',
    )
    this.#endAll('expired')
    this.#ring = undefined
    this.#timeline = batch.timeline
    return undefined
  }

  #take(batch: Batch): void {
    const ring = this.#ring!
    for (const row of batch.events) {
      const event = new FedEvent(row)
      ring.push(event)
      for (const listener of this.#listeners.of(event)) listener.tell(event)
    }
    const last = batch.events.at(-1)
    this.#cursor = last?.[0] ?? this.#cursor
    this.#position = this.#cursor
    this.#eventAge = last ? Number(last[12]) : 0
    this.#horizonLag.see(batch)
    if (batch.drained) this.#readAt = performance.now()
    this.#milestones.reach(this.#position)
    this.#progress()
  }

  #progress(): void {
    const now = performance.now()
    if (this.#progressed === this.#position || now - this.#progressedAt < PROGRESS_MS) return
    this.#progressed = this.#position
    this.#progressedAt = now
    for (const listener of this.#listeners.all()) listener.progress(this.#position)
  }

  #failed(error: unknown): void {
    if (this.#pace.stopped) return
    this.#answers = false
    const awayMs = performance.now() - this.#readAt
    this.#log?.[awayMs > 1_000 ? 'warn' : 'debug']({ err: error }, 'could not read events')
    if (awayMs > this.#patienceMs) this.#endAll('unavailable')
  }

  #endAll(why: 'expired' | 'unavailable'): void {
    for (const listener of this.#listeners.all()) {
      this.#listeners.remove(listener)
      listener.end(why)
    }
  }
}
