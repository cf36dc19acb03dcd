import { sql, type RawBuilder } from 'kysely'

/** Bits of a version below the number of the transaction. */
const INDEX_BITS = 10

/** The version of the write that this statement is. */
export const ownVersion = sql`base + (pg_current_xact_id()::text::bigint << ${sql.lit(INDEX_BITS)})`

/** Every transaction up to this version is over: `snapshot` is an expression of type pg_snapshot. */
export const horizonOf = (snapshot: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`base + ((pg_snapshot_xmin(${snapshot})::text::bigint << ${sql.lit(INDEX_BITS)}) - 1)`

/** No transaction of this version, or a later one, has begun. */
export const nextOf = (snapshot: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`base + (pg_snapshot_xmax(${snapshot})::text::bigint << ${sql.lit(INDEX_BITS)})`

/** Versions below are forgotten, of this resource. */
export const floorOf = (resource: string): RawBuilder<unknown> =>
  sql`greatest((select floor from kradle.timeline), (select rv from kradle.floor where resource = ${resource}))`

/**
 * The last version up to `horizon` that a change has: what a reader is told it has seen.
 *
 * The horizon itself may not be told. PostgreSQL gives the number of a transaction that left nothing in
 * its log a second time after a crash, and a change would then have a version that readers are past.
 */
export const newestUpTo = (horizon: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`greatest(floor, (select max(rv) from kradle.floor), (select max(rv) from kradle.event where rv <= ${horizon}))`

/** Orders two versions; negative where the first is older. */
export const compareVersions = (a: string, b: string): number =>
  a.length - b.length || (a < b ? -1 : Number(a > b))
