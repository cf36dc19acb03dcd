import { sql } from 'kysely'
import type { Registry } from 'prom-client'
import type { Logger } from '#src/lib/log.ts'
import type { Resource } from '../resource.ts'
import { check } from './check.ts'
import { compiled } from './database.ts'
import { PolledFeed } from './feed.ts'
import { unchanged, type UnchangedQuery } from './finished.ts'
import { Hints } from './hints.ts'
import { watchStorage } from './metrics.ts'
import { migrate } from './migrate.ts'
import { purge } from './purge.ts'
import { get, list } from './read.ts'
import { Sessions } from './sessions.ts'
import type { Feed, Key, Store } from './store.ts'
import { Turns } from './turns.ts'
import { unclaim } from './unclaim.ts'
import { write } from './write.ts'

export interface StorageOptions {
  /** postgres://USER:PASSWORD@HOST:PORT/DATABASE, of a server that is not shared with long transactions. */
  readonly url: string
  readonly log?: Logger
  readonly registry?: Registry
  /** Of events kept in memory; 64 MiB. */
  readonly ringBytes?: number
  /** How long PostgreSQL may be away before watches end; 30 s. */
  readonly patienceMs?: number
  /** The most sessions for writes and for reads, 10 each; the feed takes five more. */
  readonly sessions?: { readonly writes?: number; readonly reads?: number }
}

export interface Storage {
  readonly store: Store
  readonly feed: Feed
  /** Brings the schema up to date. Throws StorageUnavailable; until it has succeeded once, everything does. */
  migrate(): Promise<void>
  /** Forgets events older than so many seconds (600); returns how many. */
  purge(keepSeconds?: number, signal?: AbortSignal): Promise<number>
  /** Keys of objects that have not changed for so long, for retention. */
  unchanged(
    resource: Resource,
    query: UnchangedQuery,
    signal?: AbortSignal,
  ): Promise<readonly Key[]>
  /** Resolves where PostgreSQL answers and has the schema, throws StorageUnavailable otherwise. */
  ready(signal?: AbortSignal): Promise<void>
  /** Ends every subscription and session. */
  close(): Promise<void>
}

/** Nothing takes long here; what does, holds up every reader, so it is ended. */
const WRITE_SETTINGS = {
  synchronous_commit: 'on',
  statement_timeout: '5s',
  lock_timeout: '4s',
  idle_in_transaction_session_timeout: '2s',
}

/** Tables are large and what is asked for is a small part of them, whatever the statistics say. */
const READ_SETTINGS = {
  default_transaction_read_only: 'on',
  statement_timeout: '25s',
  idle_in_transaction_session_timeout: '2s',
  client_connection_check_interval: '1s',
  work_mem: '32MB',
  enable_seqscan: 'off',
  jit: 'off',
}

/** A few hundred events at a time, each looked up by its key. */
const FEED_SETTINGS = {
  ...READ_SETTINGS,
  statement_timeout: '5s',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
}

/** Starts to read at once; PostgreSQL may come later, and go and come back at any time. */
export function openStorage(options: StorageOptions): Storage {
  const { url, log, registry, ringBytes, patienceMs, sessions = {} } = options
  const open = (name: string, max: number, settings: Readonly<Record<string, string>>) =>
    new Sessions({ url, name, max, settings, log })
  const writes = open('write', sessions.writes ?? 10, WRITE_SETTINGS)
  const reads = open('read', sessions.reads ?? 10, READ_SETTINGS)
  const feeding = open('feed', 3, FEED_SETTINGS)
  const upkeep = open('upkeep', 1, WRITE_SETTINGS)
  const feed = new PolledFeed({
    sessions: feeding,
    log,
    ...(ringBytes !== undefined && { ringBytes }),
    ...(patienceMs !== undefined && { patienceMs }),
  })
  const hints = new Hints({ url, sessions: upkeep, onHint: () => feed.hint() })
  if (registry) watchStorage(registry, feed, [writes, reads, feeding, upkeep])
  const turns = new Turns()
  feed.start()
  hints.start()
  return {
    store: {
      get: (resource, key, signal) => get(reads, resource, key, signal),
      list: (resource, query, signal) => list(reads, resource, query, signal),
      async write(resource, change, signal) {
        const work = () => write(writes, resource, change, signal)
        const { namespace } = change.object.metadata
        const entry = await (change.type === 'create' && change.limit !== undefined
          ? turns.take(`${resource.kind.plural}/${namespace}`, work, signal)
          : work())
        feed.hint()
        hints.send()
        return entry
      },
      unclaim: (resource, entry, signal) => unclaim(writes, resource, entry, signal),
      check: (resource, change, signal) => check(reads, resource, change, signal),
    },
    feed,
    migrate: () => migrate(url),
    purge: (keepSeconds, signal) => purge(upkeep, keepSeconds, signal),
    unchanged: (resource, query, signal) => unchanged(reads, resource, query, signal),
    async ready(signal) {
      await reads.rows(compiled(sql`select from kradle.timeline`), { signal, again: true })
    },
    async close() {
      await Promise.all([feed.stop(), hints.stop()])
      await Promise.all([writes, reads, feeding, upkeep].map(pool => pool.close()))
    },
  }
}
