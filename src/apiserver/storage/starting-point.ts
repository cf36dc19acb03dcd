import { sql } from 'kysely'
import { compiled } from './database.ts'
import type { Sessions } from './sessions.ts'
import { horizonOf } from './versions.ts'

/** Watches that come over from another process want what happened while they moved. */
const EVENTS_BEFORE = 2_000

/** The version from which a new process reads: a little back, but complete for every resource. */
export async function startingPoint(sessions: Sessions, signal: AbortSignal): Promise<string> {
  const query = sql`
    select greatest(floor, (select max(rv) from kradle.floor), (
      select rv from kradle.event where rv <= ${horizonOf(sql`pg_current_snapshot()`)}
      order by rv desc offset ${sql.lit(EVENTS_BEFORE)} limit 1))
    from kradle.timeline`
  const [row] = await sessions.rows(compiled(query), { again: true, signal })
  return row![0]!
}
