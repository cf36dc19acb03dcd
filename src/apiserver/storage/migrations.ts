import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { FINGERPRINT } from './timeline.ts'

/** In order of their names. Forward only: what has been released is never changed here. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-objects': { up: objects },
  '0002-taken': { up: taken },
}

async function objects(db: Kysely<unknown>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db)
  await run(`create table kradle.timeline (
    one boolean primary key default true check (one),
    id uuid not null default gen_random_uuid(),
    base bigint not null,
    floor bigint not null,
    fingerprint text not null)`)
  // Names are ordered in bytes, as kube-apiserver does. Room for updates in place, which touch no index.
  await run(`create table kradle.object (
    resource text collate "C" not null,
    namespace text collate "C" not null,
    name text collate "C" not null,
    uid text not null,
    rv bigint not null,
    changed timestamptz not null,
    labels json not null,
    fields json not null,
    terms uuid[] not null,
    claim text collate "C",
    body text not null,
    primary key (resource, namespace, name)) with (fillfactor = 80)`)
  await run(`create index object_terms on kradle.object using gin (terms)`)
  await run(
    `create unique index object_claim on kradle.object (resource, claim) where claim is not null`,
  )
  await run(`create table kradle.event (
    rv bigint primary key,
    at timestamptz not null,
    type text not null,
    resource text collate "C" not null,
    namespace text collate "C" not null,
    name text collate "C" not null,
    prior_rv bigint,
    prior_uid text,
    prior_labels json,
    prior_fields json,
    prior_terms uuid[],
    prior_body text,
    last_labels json,
    last_fields json,
    last_body text)`)
  await run(`create index event_key on kradle.event (resource, namespace, name, rv)`)
  await run(`create index event_resource on kradle.event (resource, rv)`)
  await run(`create table kradle.floor (resource text collate "C" primary key, rv bigint not null)`)
  // What selects well is learnt from samples, and rare labels are what people look for.
  await run(`alter table kradle.object alter column terms set statistics 1000`)
  // Old events go all the time, from one end.
  await run(`alter table kradle.event set (
    autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)`)
  await run(`do $$ begin
    if (select 'lz4' = any (enumvals) from pg_settings where name = 'default_toast_compression') then
      alter table kradle.object alter column body set compression lz4;
      alter table kradle.event alter column prior_body set compression lz4;
      alter table kradle.event alter column last_body set compression lz4;
    end if;
  end $$`)
  await run(`insert into kradle.timeline (base, floor, fingerprint)
    select 0, pg_current_xact_id()::text::bigint << 10, ${FINGERPRINT}`)
}

/**
 * How many objects of a resource a namespace has, counted no further than asked, and nobody else who asks so can add one before
 * this transaction is over. A function, because each statement of one sees what was committed before it: the statement that
 * calls it only sees what was before the wait.
 */
async function taken(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create function kradle.taken(of_resource text, of_namespace text, at_most bigint)
        returns bigint language plpgsql volatile set enable_seqscan = off as $$
      declare found bigint;
      begin
        perform pg_advisory_xact_lock(hashtextextended(concat_ws('/', of_resource, of_namespace), 1));
        select count(*) into found from (
          select from kradle.object
          where resource = of_resource and namespace = of_namespace limit at_most) as counted;
        return found;
      end $$`,
    )
    .execute(db)
}
