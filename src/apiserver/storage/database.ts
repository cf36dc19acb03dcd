import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type RawBuilder,
} from 'kysely'

/**
 * The tables of schema `kradle`. Everything comes back as text, as PostgreSQL prints it: versions
 * are beyond what a JavaScript number can say.
 */
export interface Database {
  /** One row. */
  'kradle.timeline': {
    /** Changes when versions before `floor` stop meaning anything, e.g. after a restore. */
    id: string
    /** version = base + (transaction << 10) */
    base: string
    floor: string
    /** Of the server, the database and its history, to notice that they are others. */
    fingerprint: string
  }
  /** What is there now. */
  'kradle.object': {
    resource: string
    namespace: string
    name: string
    uid: string
    rv: string
    changed: string
    labels: string
    fields: string
    terms: string
    claim: string | null
    body: string
  }
  /** What has happened, with what was there before; what came of it is in the next event, or in `object`. */
  'kradle.event': {
    rv: string
    at: string
    type: string
    resource: string
    namespace: string
    name: string
    /** Null on ADDED. */
    prior_rv: string | null
    prior_uid: string | null
    prior_labels: string | null
    prior_fields: string | null
    prior_terms: string | null
    prior_body: string | null
    /** What DELETED shows, where it is not what was there before. */
    last_labels: string | null
    last_fields: string | null
    last_body: string | null
  }
  /** What happened to a resource up to this version is forgotten. */
  'kradle.floor': { resource: string; rv: string }
}

/** Builds statements; it has no connection. */
const builder = new Kysely<Database>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: db => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/** A statement with its parameters, to be run by a pool. */
export const compiled = (query: RawBuilder<unknown>): CompiledQuery => query.compile(builder)
