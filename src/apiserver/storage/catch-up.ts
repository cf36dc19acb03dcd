import { compiled } from './database.ts'
import { batchOf, eventsAfter, type Batch } from './event-query.ts'
import { FedEvent } from './fed-event.ts'
import type { Sessions } from './sessions.ts'
import { ExpiredVersion } from './store.ts'
import type { Listener } from './subscribers.ts'
import { compareVersions } from './versions.ts'

/** Bytes of events that are told in one go, or one event. */
const AT_ONCE = 2 * 1024 ** 2

/** Tells one listener what is past, a piece at a time: he may have but so much waiting. */
export class CatchUp {
  readonly #sessions: Sessions
  readonly #listener: Listener
  readonly #signal: AbortSignal
  #position: string
  #first: Batch | undefined

  constructor(sessions: Sessions, listener: Listener, from: string, signal: AbortSignal) {
    this.#signal = signal
    this.#sessions = sessions
    this.#listener = listener
    this.#position = from
  }

  /** Up to here he has been told everything. */
  get position(): string {
    return this.#position
  }

  /** Reads the first piece. Throws ExpiredVersion where something is missing. */
  async begin(): Promise<void> {
    this.#first = await this.#read()
    if (this.#missing(this.#first))
      throw new ExpiredVersion(
        `version ${this.#position} is older than ${this.#first.floor}, what came before is forgotten`,
      )
  }

  /** Tells the next of these, which are all there is after the position; whether those were the last. */
  tell(events: readonly FedEvent[]): boolean {
    let bytes = 0
    for (const event of events) {
      if (bytes >= AT_ONCE) return false
      if (this.#listener.wants(event)) {
        this.#listener.tell(event)
        bytes += event.bytes
      }
      this.#position = event.resourceVersion
    }
    return true
  }

  /** Tells the next piece from the table, and ends it where something is missing. */
  async next(): Promise<void> {
    const batch = this.#first ?? (await this.#read())
    this.#first = undefined
    if (this.#missing(batch)) return this.#listener.end('expired')
    for (const row of batch.events) this.#listener.tell(new FedEvent(row))
    this.#position = batch.drained ? later(batch.newest, this.#position) : batch.events.at(-1)![0]
  }

  async #read(): Promise<Batch> {
    const { resource, scope } = this.#listener
    const query = compiled(eventsAfter(this.#position, resource.kind.plural, scope))
    return batchOf(await this.#sessions.rows(query, { again: true, signal: this.#signal }))
  }

  #missing({ floor }: Batch): boolean {
    return compareVersions(floor, this.#position) > 0
  }
}

/** One who has just written may be ahead of what everybody can read. */
const later = (a: string, b: string): string => (compareVersions(a, b) > 0 ? a : b)
