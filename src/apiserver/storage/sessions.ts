import type { CompiledQuery } from 'kysely'
import pg from 'pg'
import type { Logger } from '#src/lib/log.ts'
import { sqlState, storeError } from './failures.ts'
import { limited } from './limited.ts'
import { OutcomeUnknown, StorageUnavailable } from './store.ts'
import { FINGERPRINT, RAISE } from './timeline.ts'

/** The columns of a row in order, as PostgreSQL prints them. */
export type Row = readonly (string | null)[]

export interface SessionsOptions {
  readonly url: string
  /** For metrics, and for pg_stat_activity. */
  readonly name: string
  readonly max: number
  /** As in postgresql.conf; what the server does not know is left out. */
  readonly settings: Readonly<Record<string, string>>
  readonly log?: Logger | undefined
}

export interface RunOptions {
  /** The statement is prepared once per session under this name. */
  readonly name?: string
  readonly signal?: AbortSignal | undefined
  /** Counts from now, waiting for a session included. */
  readonly withinMs?: number
  /** Run again where the session broke: for what changes nothing. */
  readonly again?: boolean
  /** It changes something: where its end is not known, that is said (OutcomeUnknown). */
  readonly changes?: boolean
}

/** Nobody waits longer for an answer to something small. */
const WITHIN_MS = 5_000
const CLOSE_MS = 2_000

/** Sessions for one purpose. Broken ones go, new ones are opened when somebody asks. */
export class Sessions {
  readonly name: string
  readonly #pool: pg.Pool

  constructor({ url, name, max, settings, log }: SessionsOptions) {
    this.name = name
    this.#pool = new pg.Pool({
      connectionString: url,
      application_name: `kradle-apiserver-${name}`,
      max,
      connectionTimeoutMillis: WITHIN_MS,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      types: { getTypeParser: () => asText },
      // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it
      onConnect: client => prepared(client, settings),
    })
    this.#pool.on('error', error => log?.debug({ pool: name, err: error }, 'lost a session'))
  }

  /** Rows of one statement. Throws StorageUnavailable, OutcomeUnknown, the reason of the signal, or what PostgreSQL has against it. */
  async rows(query: CompiledQuery, options: RunOptions = {}): Promise<readonly Row[]> {
    const { withinMs = WITHIN_MS, signal, again } = options
    const until = performance.now() + withinMs
    signal?.throwIfAborted()
    try {
      return await this.#once(query, options, until)
    } catch (error) {
      const broke = sqlState(error) === undefined && !(error instanceof StorageUnavailable)
      if (!again || !broke || signal?.aborted) throw signal?.aborted ? error : storeError(error)
    }
    try {
      return await this.#once(query, options, until)
    } catch (error) {
      throw signal?.aborted ? error : storeError(error)
    }
  }

  /** Of its sessions: all there are, those without work, and callers that wait for one. */
  get use(): { readonly total: number; readonly idle: number; readonly waiting: number } {
    const { totalCount: total, idleCount: idle, waitingCount: waiting } = this.#pool
    return { total, idle, waiting }
  }

  /** Says goodbye to PostgreSQL, where that listens. */
  async close(): Promise<void> {
    await limited(this.#pool.end(), CLOSE_MS).catch(() => {})
  }

  async #once(
    { sql, parameters }: CompiledQuery,
    { name, signal, changes }: RunOptions,
    until: number,
  ): Promise<readonly Row[]> {
    const left = () => until - performance.now()
    const connecting = this.#pool.connect()
    const client = await limited(connecting, left(), signal).catch((error: unknown) => {
      connecting.then(
        late => late.release(),
        () => {},
      )
      throw error
    })
    let usable = false
    try {
      const query = { text: sql, values: [...parameters], rowMode: 'array' as const }
      const { rows } = await limited(
        client.query<(string | null)[]>(name ? { ...query, name } : query),
        left(),
        signal,
      )
      usable = true
      return rows
    } catch (error) {
      usable = sqlState(error) !== undefined
      if (!changes || usable || signal?.aborted) throw error
      throw new OutcomeUnknown('PostgreSQL did not say what has become of it', { cause: error })
    } finally {
      // One that still works on something nobody waits for is closed, which ends the work too.
      client.release(!usable)
    }
  }
}

const asText = (value: string): string => value

/** Makes a new session fit for use, or throws: nothing is read or written before a change of history has been noticed. */
async function prepared(
  client: pg.ClientBase,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  // A session that breaks while it works says so to the one who waits, and once more here.
  client.on('error', () => {})
  const ask = async (text: string, values: unknown[] = []): Promise<Row> => {
    const query = { text, values, rowMode: 'array', query_timeout: WITHIN_MS } as const
    return (await client.query<(string | null)[]>(query)).rows[0] ?? []
  }
  const [standby, migrated] = await ask(
    `select pg_is_in_recovery(), to_regclass('kradle.timeline') is not null`,
  )
  if (standby === 't') throw new StorageUnavailable('PostgreSQL is a standby')
  if (migrated === 't') {
    const [same] = await ask(`select fingerprint = ${FINGERPRINT} from kradle.timeline`)
    if (same === 'f') await ask(RAISE)
  }
  await ask(
    `select count(set_config(name, value, false)) from json_each_text($1) as wanted (name, value)
      where name in (select name from pg_settings)`,
    [JSON.stringify(settings)],
  )
}
