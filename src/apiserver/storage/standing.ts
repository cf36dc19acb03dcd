import { sql } from 'kysely'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Resource } from '../resource.ts'
import { compiled } from './database.ts'
import type { Sessions } from './sessions.ts'
import { ExpiredVersion, FutureVersion, StorageUnavailable } from './store.ts'
import { compareVersions, floorOf, horizonOf, newestUpTo, nextOf } from './versions.ts'

/** Somebody who holds a transaction open for longer is ended by PostgreSQL. */
const SETTLE_MS = 5_000

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
export async function settledVersion(
  sessions: Sessions,
  resource: Resource,
  signal: AbortSignal | undefined,
): Promise<string> {
  const first = await look(sessions, resource, signal)
  if (first.beyond === null) return first.newest
  return (await settled(sessions, resource, first.beyond, signal)).newest
}

/** The given version, once nothing can come before it any more. Throws ExpiredVersion and FutureVersion. */
export async function knownVersion(
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

export function requireKept(at: string, floor: string): void {
  if (compareVersions(at, floor) < 0)
    throw new ExpiredVersion(`version ${at} is older than ${floor}, what came before is forgotten`)
}
