import { sql } from 'kysely'
import { compiled } from './database.ts'
import type { Sessions } from './sessions.ts'

/** Of events, in seconds: kubectl and controllers are back well within it. */
export const KEEP_SECONDS = 600

/** Few enough to be gone in a moment: while it lasts nobody reads further. */
const AT_ONCE = 1_000

/** Only one process at a time, the others have nothing to do. */
const LOCK = 7_246_185_092_113

/**
 * Forgets events older than so many seconds, and says so to readers in the same transaction: versions
 * before them are gone for their resource. Returns how many there were.
 */
export async function purge(
  sessions: Sessions,
  keepSeconds = KEEP_SECONDS,
  signal?: AbortSignal,
): Promise<number> {
  let total = 0
  for (let from = '0'; ;) {
    // oxlint-disable-next-line no-await-in-loop -- small steps, one after the other
    const [row] = await sessions.rows(compiled(step(from, keepSeconds)), { signal })
    const [count, last] = row!
    total += Number(count)
    if (Number(count) < AT_ONCE || last === null || last === undefined) return total
    from = last
  }
}

/** Begins where the last one ended: what is before is dead, but would still have to be stepped over. */
const step = (from: string, keepSeconds: number) => sql`
  with alone as materialized (select pg_try_advisory_xact_lock(${sql.lit(LOCK)}) as mine),
  old as materialized (
    select rv, at from kradle.event where rv > ${from} and (select mine from alone)
    order by rv limit ${sql.lit(AT_ONCE)}),
  gone as (
    delete from kradle.event
    where rv = any (array(select rv from old where at < now() - make_interval(secs => ${keepSeconds})))
    returning resource, rv),
  raised as (
    insert into kradle.floor (resource, rv)
    select resource, max(rv) from gone group by resource
    on conflict (resource) do update set rv = greatest(floor.rv, excluded.rv))
  select count(*), max(rv) from gone`
