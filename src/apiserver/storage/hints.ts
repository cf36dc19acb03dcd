import { sql } from 'kysely'
import pg from 'pg'
import { backoffMs } from '#src/lib/backoff.ts'
import { sleep } from '#src/lib/clock.ts'
import { compiled } from './database.ts'
import type { Sessions } from './sessions.ts'

const CHANNEL = 'kradle_event'

/** Notifications take a lock that commits of all writers pass, so there are few of them. */
const PAUSE_MS = 50

export interface HintsOptions {
  readonly url: string
  /** Where notifications are sent from: never in a transaction that writes. */
  readonly sessions: Sessions
  /** Somebody has written. */
  readonly onHint: () => void
}

/** Lets the other processes know that there is something to read. Nothing but time depends on it. */
export class Hints {
  readonly #options: HintsOptions
  readonly #stopped = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #sentAt = -Infinity
  #later: NodeJS.Timeout | undefined

  constructor(options: HintsOptions) {
    this.#options = options
  }

  start(): void {
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    clearTimeout(this.#later)
    this.#stopped.abort()
    await this.#running
  }

  /** To be called after every commit; sends at once, but at most one in a while. */
  send(): void {
    if (this.#later || this.#stopped.signal.aborted) return
    const wait = this.#sentAt + PAUSE_MS - performance.now()
    if (wait <= 0) return this.#notify()
    this.#later = setTimeout(() => this.#notify(), wait)
    this.#later.unref()
  }

  #notify(): void {
    this.#later = undefined
    this.#sentAt = performance.now()
    const query = compiled(sql`select pg_notify(${CHANNEL}, '')`)
    this.#options.sessions.rows(query, { name: 'kradle_notify' }).catch(() => {
      // The others find it by themselves a moment later.
    })
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped
    for (let failures = 0; !signal.aborted; failures++) {
      const since = performance.now()
      await this.#listen()
      if (performance.now() - since > 10_000) failures = 0
      await sleep(backoffMs(failures, { baseMs: 100, maxMs: 5_000 }), signal)
    }
  }

  /** Until the session breaks. */
  async #listen(): Promise<void> {
    const { url, onHint } = this.#options
    const { signal } = this.#stopped
    const client = new pg.Client({
      connectionString: url,
      application_name: 'kradle-apiserver-hints',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    })
    client.on('notification', onHint)
    const over = new Promise<void>(resolve => {
      client.on('error', () => resolve())
      client.on('end', () => resolve())
      signal.addEventListener('abort', () => resolve())
    })
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}`)
      await over
    } catch {
      // Tried again by the caller.
    } finally {
      client.end().catch(() => {})
    }
  }
}
