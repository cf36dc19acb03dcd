import { sql, type RawBuilder } from 'kysely'
import type { Resource } from '../resource.ts'
import { and, range, selection } from './selection.ts'
import type { Key, ListQuery } from './store.ts'
import { floorOf } from './versions.ts'

type Query = RawBuilder<unknown>

/** Of what is looked through for every entry that is wanted, before an index of terms is asked. */
const WINDOW = 10

/** Beyond so many nobody counts. */
export const COUNTED = 10_000
const CHANGES_COUNTED = 20_000

const order = sql`order by namespace, name`
const entry = sql`namespace, name, uid, rv, body`

const there = ({ kind }: Resource, { namespace, after }: ListQuery, at: string): Query[] => [
  sql`resource = ${kind.plural}`,
  sql`rv <= ${at}`,
  ...range(namespace, after),
]

/** Objects that have not changed since `at`. */
export function objects(resource: Resource, query: ListQuery, at: string): Query {
  const where = and([...there(resource, query, at), ...selection(resource, query, sql`terms`)])
  const limit = query.limit === undefined ? sql`` : sql`limit ${query.limit}`
  return sql`select ${entry} from kradle.object where ${where} ${order} ${limit}`
}

/** The same of the first so many keys alone: for selectors that many meet, wherever they are. */
export function objectsNearby(resource: Resource, query: ListQuery, at: string): Query {
  const limit = query.limit ?? 0
  return sql`
    select ${entry} from (
      select * from kradle.object where ${and(there(resource, query, at))} ${order}
      limit ${limit * WINDOW}
    ) as nearby
    where ${and(selection(resource, query, sql`terms`))} ${order} limit ${limit}`
}

/**
 * The same for selectors that few meet. All of them are found before they are put in order: PostgreSQL
 * would go through everything in order and hope for the best, and labels tend to go with namespaces.
 */
export function objectsByTerms(resource: Resource, query: ListQuery, at: string): Query {
  const where = and([...there(resource, query, at), ...selection(resource, query, sql`terms`)])
  return sql`
    with found as materialized (select namespace, name from kradle.object where ${where}),
    page as materialized (select * from found ${order} limit ${query.limit ?? 0})
    select ${entry} from kradle.object join page using (namespace, name)
    where resource = ${resource.kind.plural} ${order}`
}

/**
 * Objects that have changed since `at`, as they were then, up to a key: what the first change
 * names as prior. Then the floor of the resource; one row without a name where there are none.
 */
export function changed(
  resource: Resource,
  query: ListQuery,
  at: string,
  last: Key | undefined,
): Query {
  const { plural } = resource.kind
  const keys = [
    sql`resource = ${plural}`,
    sql`rv > ${at}`,
    ...range(query.namespace, query.after),
    ...(last ? [sql`(namespace, name) <= (${last.namespace}, ${last.name})`] : []),
  ]
  const then = [sql`prior_rv is not null`, ...selection(resource, query, sql`prior_terms`)]
  return sql`
    select namespace, name, prior_uid, prior_rv, prior_body, floor
    from (select ${floorOf(plural)} as floor) as kept
    left join (
      select * from (
        select distinct on (namespace, name)
          namespace, name, prior_uid, prior_rv, prior_body, prior_terms
        from kradle.event where ${and(keys)} order by namespace, name, rv
      ) as first where ${and(then)}
    ) as changed on true
    ${order} ${query.limit === undefined ? sql`` : sql`limit ${query.limit}`}`
}

/**
 * How many there were behind a key, without a look at any of them: what is there now, less what has come
 * and more what has gone since `at`. Null where it would take long.
 */
export function remaining(
  resource: Resource,
  { namespace }: ListQuery,
  at: string,
  after: Key,
): Query {
  const where = and([sql`resource = ${resource.kind.plural}`, ...range(namespace, after)])
  return sql`
    with here as materialized (
      select count(*) as count from (
        select from kradle.object where ${where} limit ${sql.lit(COUNTED + 1)}) as capped),
    since as materialized (
      select namespace, name, rv, type, prior_rv from kradle.event
      where ${where} and rv > ${at} limit ${sql.lit(CHANGES_COUNTED + 1)}),
    shift as (
      select (array_agg(prior_rv order by rv))[1] is not null as before,
        (array_agg(type order by rv desc))[1] <> 'DELETED' as after
      from since group by namespace, name)
    select case when here.count <= ${sql.lit(COUNTED)}
      and (select count(*) from since) <= ${sql.lit(CHANGES_COUNTED)}
      then here.count + (select coalesce(sum(before::int - after::int), 0) from shift) end
    from here`
}
