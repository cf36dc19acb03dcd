import { sql, type RawBuilder } from 'kysely'
import type { UnknownObject } from '#src/api/object.ts'
import type { Resource } from '../resource.ts'
import { compiled } from './database.ts'
import { violated } from './failures.ts'
import { fieldsOf, labelsOf } from './selectable.ts'
import type { Sessions } from './sessions.ts'
import {
  AlreadyExists,
  ClaimTaken,
  Conflict,
  LimitReached,
  NotFoundInStore,
  type Change,
  type Entry,
  type Key,
} from './store.ts'
import { termsOf, uuids } from './terms.ts'
import { ownVersion } from './versions.ts'
import { bodyOf, jsonOf } from './wire.ts'

/** What the columns of one object hold. */
interface State extends Key {
  readonly resource: string
  readonly uid: string
  readonly labels: string
  readonly fields: string
  readonly terms: string
  readonly claim: string | null
  readonly body: string
}

/** See Store.write. */
export async function write(
  sessions: Sessions,
  resource: Resource,
  change: Change,
  signal?: AbortSignal,
): Promise<Entry> {
  const state = stateOf(resource, change)
  const { namespace, name, uid, body, claim } = state
  try {
    const limit = limitOf(change)
    const query = compiled(statement(change, state))
    const [row] = await sessions.rows(query, {
      name: `kradle_${change.type}${limit === undefined ? '' : '_limited'}`,
      signal,
      changes: true,
    })
    const resourceVersion = row?.[0]
    if (!resourceVersion) {
      const taken = Number(row?.[1])
      throw limit !== undefined && taken >= limit
        ? new LimitReached(taken)
        : await refused(sessions, change, state, signal)
    }
    return { namespace, name, uid, resourceVersion, json: jsonOf(resource, resourceVersion, body) }
  } catch (error) {
    if (violated(error) !== 'object_claim' || claim === null) throw error
    const taken = await holder(sessions, state, signal)
    if (taken !== undefined) throw new ClaimTaken(claim, taken)
    // Let go of meanwhile, and nothing has been written yet.
    return write(sessions, resource, change, signal)
  }
}

function stateOf(resource: Resource, change: Change): State {
  const { object } = change
  const labels = labelsOf(object)
  const fields = fieldsOf(resource, object)
  return {
    ...keyOf(object),
    resource: resource.kind.plural,
    uid: object.metadata.uid ?? '',
    labels: JSON.stringify(labels),
    fields: JSON.stringify(fields),
    terms: uuids(termsOf(resource, labels, fields)),
    claim: ('claim' in change && change.claim) || null,
    body: bodyOf(object),
  }
}

const keyOf = ({ metadata: { namespace = '', name } }: UnknownObject): Key => ({ namespace, name })

const limitOf = (change: Change): number | undefined =>
  change.type === 'create' ? change.limit : undefined

function statement(change: Change, state: State): RawBuilder<unknown> {
  const limit = limitOf(change)
  if (limit !== undefined) return limitedCreation(state, limit)
  if (change.type === 'create') return creation(state)
  return change.type === 'update'
    ? replacement(state, change.expected)
    : deletion(state, change.expected)
}

const isKey = (table: string, { resource, namespace, name }: State) =>
  sql`${sql.ref(`${table}.resource`)} = ${resource} and ${sql.ref(`${table}.namespace`)} = ${namespace} and ${sql.ref(`${table}.name`)} = ${name}`

/**
 * The version, taken only once nobody else writes the same object: otherwise one who deletes it and one who
 * creates it again could get versions in the wrong order. Waiting for the lock delays no reader,
 * since whoever waits has no transaction number yet.
 */
const tick = ({ resource, namespace, name }: State, where = sql``) => sql`
  alone as materialized (
    select pg_advisory_xact_lock(hashtextextended(concat_ws('/', ${resource}::text, ${namespace}::text, ${name}::text), 0))
    ${where}),
  tick as materialized (
    select ${ownVersion} as rv from kradle.timeline cross join alone)`

const columns = ({ uid, labels, fields, terms, claim, body }: State) =>
  sql`clock_timestamp(), ${uid}, ${labels}::json, ${fields}::json, ${terms}::uuid[], ${claim}, ${body}`

const made = (state: State) => sql`
  made as (
    insert into kradle.object (resource, namespace, name, rv, changed, uid, labels, fields, terms, claim, body)
    select ${state.resource}, ${state.namespace}, ${state.name}, rv, ${columns(state)} from tick
    on conflict (resource, namespace, name) do nothing
    returning *)`

const added = sql`
  insert into kradle.event (rv, at, type, resource, namespace, name)
  select rv, changed, 'ADDED', resource, namespace, name from made
  returning rv`

const creation = (state: State) => sql`with ${tick(state)}, ${made(state)} ${added}`

/** Whoever is over the limit is told by how much, up to this. */
const OVER = 1_000

/** How far is counted where so many may be there. */
export const counted = (limit: number): number => limit + OVER

/** The same where there is room for it, which is counted first, and as long as that lasts nobody else makes one there. */
const limitedCreation = (state: State, limit: number) => sql`
  with room as materialized (
    select kradle.taken(${state.resource}, ${state.namespace}, ${counted(limit)}) as taken),
  ${tick(state, sql`from room where taken < ${limit}`)},
  ${made(state)},
  told as (${added})
  select (select rv from told), (select taken from room)`

const replacement = (state: State, expected: string) => sql`
  with ${tick(state)},
  prior as materialized (
    select object.*, tick.rv as next from kradle.object, tick
    where ${isKey('object', state)} and object.rv = ${expected}),
  made as (
    update kradle.object
    set rv = prior.next, (changed, uid, labels, fields, terms, claim, body) = row (${columns(state)})
    from prior
    where ${isKey('object', state)} and object.rv = prior.rv
    returning object.rv, object.changed)
  insert into kradle.event (rv, at, type, resource, namespace, name,
    prior_rv, prior_uid, prior_labels, prior_fields, prior_terms, prior_body)
  select made.rv, made.changed, 'MODIFIED', resource, namespace, name,
    prior.rv, uid, labels, fields, terms, body from made, prior
  returning rv`

const deletion = (state: State, expected: string) => sql`
  with ${tick(state)},
  prior as (
    delete from kradle.object using tick
    where ${isKey('object', state)} and object.rv = ${expected}
    returning object.*, tick.rv as next)
  insert into kradle.event (rv, at, type, resource, namespace, name,
    prior_rv, prior_uid, prior_labels, prior_fields, prior_terms, prior_body,
    last_labels, last_fields, last_body)
  select next, clock_timestamp(), 'DELETED', resource, namespace, name,
    rv, uid, labels, fields, terms, body,
    ${state.labels}::json, ${state.fields}::json, nullif(${state.body}, body) from prior
  returning rv`

/** Why no row came back. */
async function refused(
  sessions: Sessions,
  change: Change,
  state: State,
  signal: AbortSignal | undefined,
): Promise<Error> {
  const { resource, namespace, name } = state
  const what = `${resource} ${namespace ? `${namespace}/` : ''}${name}`
  if (change.type === 'create') return new AlreadyExists(`${what} already exists`)
  const query = sql`select rv from kradle.object where ${isKey('object', state)}`
  const [row] = await sessions.rows(compiled(query), { signal })
  if (!row) return new NotFoundInStore(`${what} is not there`)
  return new Conflict(`${what} is at version ${row[0]}, not ${change.expected}`)
}

/** The name of the object that has it. */
async function holder(
  sessions: Sessions,
  { resource, claim }: State,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const query = sql`select name from kradle.object where resource = ${resource} and claim = ${claim}`
  const [row] = await sessions.rows(compiled(query), { signal })
  return row?.[0] ?? undefined
}
