import { sql } from 'kysely'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Resource } from '../resource.ts'
import { compiled } from './database.ts'
import { and, isSelective, range, selection } from './selection.ts'
import type { Row, Sessions } from './sessions.ts'
import {
  ExpiredVersion,
  FutureVersion,
  StorageUnavailable,
  type Entry,
  type Key,
  type ListPage,
  type ListQuery,
} from './store.ts'
import { compareVersions, floorOf, horizonOf, newestUpTo, nextOf } from './versions.ts'
import { jsonOf } from './wire.ts'

/** A list of everything may take its time. */
const LIST_MS = 25_000

/** Somebody who holds a transaction open for longer is ended by PostgreSQL. */
const SETTLE_MS = 5_000

/** See Store.get. */
export async function get(
  sessions: Sessions,
  resource: Resource,
  { namespace, name }: Key,
  signal?: AbortSignal,
): Promise<Entry | undefined> {
  const query = sql`select namespace, name, uid, rv, body from kradle.object
    where resource = ${resource.kind.plural} and ${and([...range(namespace, undefined), sql`name = ${name}`])}`
  if (name.includes('\0') || namespace.includes('\0')) return undefined
  const options = { name: 'kradle_get', signal, again: true }
  const [row] = await sessions.rows(compiled(query), options)
  return row && entryOf(resource, row)
}

/** See Store.list. */
export async function list(
  sessions: Sessions,
  resource: Resource,
  query: ListQuery,
  signal?: AbortSignal,
): Promise<ListPage> {
  const at =
    query.at === undefined
      ? await settledVersion(sessions, resource, signal)
      : await knownVersion(sessions, resource, query.at, signal)
  const { limit } = query
  const options = { signal, withinMs: LIST_MS, again: true }
  const rows = await sessions.rows(compiled(pageAt(resource, query, at)), options)
  // Looked up by the same statement: what it needed may have been purged since the version was checked.
  requireKept(at, rows[0] ? rows[0][5]! : (await look(sessions, resource, signal)).floor)
  const more = limit !== undefined && rows.length > limit
  const entries = (more ? rows.slice(0, limit) : rows).map(row => entryOf(resource, row))
  const page = { entries, resourceVersion: at, more }
  if (isSelective(query) || limit === undefined) return page
  const last = entries.at(-1)
  const remaining = more && last ? await count(sessions, resource, query, last, at, signal) : 0
  return { ...page, remaining }
}

const entryOf = (resource: Resource, [namespace, name, uid, rv, body]: Row): Entry => ({
  namespace: namespace!,
  name: name!,
  uid: uid!,
  resourceVersion: rv!,
  json: jsonOf(resource, rv!, body!),
})

function requireKept(at: string, floor: string): void {
  if (compareVersions(at, floor) < 0)
    throw new ExpiredVersion(`version ${at} is older than ${floor}, what came before is forgotten`)
}

/** How things stand with the versions of a resource, in one snapshot. */
interface Look {
  /** The last change that everything before is known of. */
  readonly newest: string
  readonly horizon: string
  /** No version from here on has been given. */
  readonly next: string
  readonly floor: string
  /** The last change of this resource, where that is beyond the horizon. */
  readonly beyond: string | null
}

async function look(
  sessions: Sessions,
  resource: Resource,
  signal: AbortSignal | undefined,
): Promise<Look> {
  const plural = resource.kind.plural
  const now = sql`pg_current_snapshot()`
  const query = sql`
    with stand as materialized (
      select floor, ${horizonOf(now)} as horizon, ${nextOf(now)} as next from kradle.timeline)
    select ${newestUpTo(sql`horizon`)}, horizon, next, ${floorOf(plural)},
      (select max(rv) from kradle.event where rv > (select horizon from stand) and resource = ${plural})
    from stand`
  const options = { name: 'kradle_look', signal, again: true }
  const [row] = await sessions.rows(compiled(query), options)
  const [newest, horizon, next, floor, beyond] = row!
  return { newest: newest!, horizon: horizon!, next: next!, floor: floor!, beyond: beyond! }
}

/** A version that holds every change answered by now, and after which none will come in between. */
async function settledVersion(
  sessions: Sessions,
  resource: Resource,
  signal: AbortSignal | undefined,
): Promise<string> {
  const first = await look(sessions, resource, signal)
  if (first.beyond === null) return first.newest
  return (await settled(sessions, resource, first.beyond, signal)).newest
}

async function knownVersion(
  sessions: Sessions,
  resource: Resource,
  at: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const first = await look(sessions, resource, signal)
  requireKept(at, first.floor)
  if (compareVersions(at, first.next) >= 0)
    throw new FutureVersion(`version ${at} has not been given yet`)
  if (compareVersions(at, first.horizon) > 0) await settled(sessions, resource, at, signal)
  return at
}

/** Waits until every transaction up to this version is over. */
async function settled(
  sessions: Sessions,
  resource: Resource,
  version: string,
  signal: AbortSignal | undefined,
): Promise<Look> {
  const until = performance.now() + SETTLE_MS
  for (let pause = 1; ; pause = Math.min(20, pause * 2)) {
    // oxlint-disable-next-line no-await-in-loop -- it is a loop of waiting
    await sleep(pause, undefined, signal && { signal }).catch(() => signal?.throwIfAborted())
    const now = await look(sessions, resource, signal)
    if (compareVersions(now.horizon, version) >= 0) return now
    if (performance.now() > until)
      throw new StorageUnavailable('a transaction has been open for too long')
  }
}

/** The first change of each key after `at`: what it names as prior is how the key was at `at`. */
const changedSince = (plural: string, keys: ReturnType<typeof range>, at: string) => sql`
  select distinct on (namespace, name) namespace, name, prior_uid, prior_rv, prior_body, prior_terms
  from kradle.event where ${and([sql`resource = ${plural}`, sql`rv > ${at}`, ...keys])}
  order by namespace, name, rv`

/** Columns of an entry, then the floor of the resource; one row more than the limit. */
export function pageAt(resource: Resource, query: ListQuery, at: string) {
  const { plural } = resource.kind
  const keys = range(query.namespace, query.after)
  const there = selection(resource, query, sql`terms`)
  const then = selection(resource, query, sql`prior_terms`)
  return sql`
    select namespace, name, uid, rv, body, ${floorOf(plural)} from (
      select namespace, name, uid, rv, body from kradle.object
      where ${and([sql`resource = ${plural}`, sql`rv <= ${at}`, ...keys, ...there])}
      union all
      select namespace, name, prior_uid, prior_rv, prior_body
      from (${changedSince(plural, keys, at)}) as changed
      where ${and([sql`prior_rv is not null`, ...then])}
    ) as page
    order by namespace, name ${query.limit === undefined ? sql`` : sql`limit ${query.limit + 1}`}`
}

/** How many there were behind this key; from indexes alone. */
async function count(
  sessions: Sessions,
  resource: Resource,
  { namespace }: ListQuery,
  after: Key,
  at: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { plural } = resource.kind
  const where = and([sql`resource = ${plural}`, ...range(namespace, after)])
  // Counts what is there now; of keys that have changed since: what was there before, less what is there now.
  const query = sql`select
    (select count(*) from kradle.object where ${where})
    + (select coalesce(sum((before is not null)::int - (after <> 'DELETED')::int), 0) from (
        select (array_agg(prior_rv order by rv))[1] as before, (array_agg(type order by rv desc))[1] as after
        from kradle.event where ${where} and rv > ${at} group by namespace, name) as changed)`
  const options = { signal, withinMs: LIST_MS, again: true }
  const [row] = await sessions.rows(compiled(query), options)
  return Number(row![0])
}
