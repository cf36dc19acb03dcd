import { sql, type RawBuilder } from 'kysely'
import type { FedRow } from './fed-event.ts'
import type { Row } from './sessions.ts'
import { floorOf, horizonOf, newestUpTo, nextOf } from './versions.ts'

/** Whose events are wanted; undefined is all. */
export interface Scope {
  readonly namespace?: string | undefined
  readonly name?: string | undefined
}

/** What one look at the events brings. */
export interface Batch {
  /** Of the timeline: when it changes, versions from before mean nothing any more. */
  readonly timeline: string
  /** The highest floor of all resources, or the one of the resource asked for: up to here events may be missing. */
  readonly floor: string
  /** The last version there is, up to which every transaction is over. */
  readonly newest: string
  /** Whether transactions are under way. */
  readonly open: boolean
  /** No version from here on has been given. */
  readonly next: string
  readonly horizon: string
  /** In order; the first of what there is. */
  readonly events: readonly FedRow[]
  /** Whether there is nothing more up to the horizon. */
  readonly drained: boolean
}

const MOST_EVENTS = 500
/** Of what is told in one go, to watchers who may have but so much waiting. */
const MOST_BYTES = 2 * 1024 ** 2

/** The events after `from` that nothing can come before any more; of everything, or of one resource. */
export function eventsAfter(
  from: string,
  resource?: string,
  { namespace, name }: Scope = {},
): RawBuilder<unknown> {
  const now = sql`pg_current_snapshot()`
  const only = [
    resource !== undefined && sql`and resource = ${resource}`,
    namespace !== undefined && sql`and namespace = ${namespace}`,
    name !== undefined && sql`and name = ${name}`,
  ].filter(condition => condition !== false)
  const floor =
    resource === undefined
      ? sql`greatest(floor, (select max(rv) from kradle.floor))`
      : floorOf(resource)
  // What came of an event stands in the object, or in the next event where it has changed since.
  // What was there before is shown to those whose selector the object leaves: only where something to select by has changed.
  // Sizes are known without a look at bodies, so that no more is read than is wanted at once.
  return sql`
    with stand as materialized (
      select *, ${newestUpTo(sql`horizon`)} as newest from (
        select id, floor, ${horizonOf(now)} as horizon, ${nextOf(now)} as next from kradle.timeline
      ) as timeline),
    batch as materialized (
      select event.* from kradle.event
      where rv > ${from} and rv <= (select horizon from stand) ${sql.join(only, sql` `)}
      order by rv limit ${sql.lit(MOST_EVENTS)}),
    told as (
      select batch.rv, batch.at, type, batch.resource, batch.namespace, batch.name,
        coalesce(object.uid, later.prior_uid, batch.prior_uid) as uid,
        coalesce(object.labels, later.prior_labels, last_labels) as labels,
        coalesce(object.fields, later.prior_fields, last_fields) as fields,
        coalesce(object.body, later.prior_body, last_body, batch.prior_body) as body,
        batch.prior_labels, batch.prior_fields, batch.prior_body
      from batch
      left join kradle.object on (object.resource, object.namespace, object.name, object.rv)
        = (batch.resource, batch.namespace, batch.name, batch.rv)
      left join lateral (
        select prior_uid, prior_labels, prior_fields, prior_body from kradle.event as later
        where (later.resource, later.namespace, later.name) = (batch.resource, batch.namespace, batch.name)
          and later.rv > batch.rv
        order by later.rv limit 1
      ) as later on object.rv is null and type <> 'DELETED'),
    measured as (
      select *, sum(octet_length(body)) over (order by rv) - octet_length(body) as before from told)
    select stand.id, ${floor}, newest, horizon, next,
      (select count(*) from batch),
      rv, type, resource, namespace, name, uid, labels, fields, body, prior_labels, prior_fields,
      case when type = 'MODIFIED' and (prior_labels::text is distinct from labels::text
          or prior_fields::text is distinct from fields::text)
        then prior_body end,
      extract(epoch from clock_timestamp() - at)
    from stand left join measured on before < ${sql.lit(MOST_BYTES)}
    order by rv`
}

export function batchOf(rows: readonly Row[]): Batch {
  const [timeline, floor, newest, horizon, next, count] = rows[0]!
  const events = rows.filter(row => row[6] !== null).map(row => row.slice(6) as unknown as FedRow)
  return {
    timeline: timeline!,
    floor: floor!,
    newest: newest!,
    open: BigInt(horizon!) + 1n < BigInt(next!),
    horizon: horizon!,
    next: next!,
    events,
    drained: Number(count) === events.length && events.length < MOST_EVENTS,
  }
}
