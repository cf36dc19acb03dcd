import { sql } from 'kysely'
import type { Resource } from '../resource.ts'
import type { FieldRequirement, LabelRequirement } from '../selectors.ts'
import { compiled } from './database.ts'
import { and, range, selection } from './selection.ts'
import type { Sessions } from './sessions.ts'
import type { Key } from './store.ts'

export interface UnchangedQuery {
  /** Since their last change. */
  readonly seconds: number
  readonly limit: number
  readonly labels?: readonly LabelRequirement[]
  readonly fields?: readonly FieldRequirement[]
  readonly after?: Key | undefined
}

/** Keys of objects that have not changed for so long, in order, for retention: whether they are over is for the caller to say. */
export async function unchanged(
  sessions: Sessions,
  resource: Resource,
  query: UnchangedQuery,
  signal?: AbortSignal,
): Promise<readonly Key[]> {
  const where = and([
    sql`resource = ${resource.kind.plural}`,
    sql`changed < now() - make_interval(secs => ${query.seconds})`,
    ...range(undefined, query.after),
    ...selection(resource, query, sql`terms`),
  ])
  const statement = sql`select namespace, name from kradle.object where ${where}
    order by namespace, name limit ${query.limit}`
  const options = { signal, withinMs: 25_000, again: true }
  const rows = await sessions.rows(compiled(statement), options)
  return rows.map(([namespace, name]) => ({ namespace: namespace!, name: name! }))
}
