/**
 * Which run of history this is: another server, another database or a standby that took over has
 * another one, and gives numbers of transactions that have been given before.
 */
export const FINGERPRINT = `(select system_identifier from pg_control_system())
  || '/' || (select oid from pg_database where datname = current_database())
  || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8)`

/** Room for four thousand million transactions that the old server may have seen and this one has not. */
const GAP = 2n ** 42n

/**
 * Where the database is not the one that it was, lifts all further versions above those given out,
 * and forgets everything before: whoever watches has to list again. Changes nothing otherwise.
 */
export const RAISE = `with known as (
    select greatest(base, floor, (select max(rv) from kradle.event), (select max(rv) from kradle.floor))
      as highest from kradle.timeline),
  raised as (
    select (highest >> 10 << 10) + ${GAP} as base from known)
  update kradle.timeline set
    id = gen_random_uuid(),
    base = raised.base,
    floor = raised.base + (pg_current_xact_id()::text::bigint << 10),
    fingerprint = ${FINGERPRINT}
  from raised
  where fingerprint <> ${FINGERPRINT}`
