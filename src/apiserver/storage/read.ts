import { sql } from 'kysely'
import type { Resource } from '../resource.ts'
import { compiled } from './database.ts'
import { merged } from './merged.ts'
import { changed, objects, objectsByTerms, objectsNearby, remaining } from './page.ts'
import { isSelective } from './selection.ts'
import type { Row, Sessions } from './sessions.ts'
import { knownVersion, requireKept, settledVersion } from './standing.ts'
import type { Entry, Key, ListPage, ListQuery } from './store.ts'
import { jsonOf } from './wire.ts'

/** A list of everything may take its time. */
const LIST_MS = 25_000

/** See Store.get. */
export async function get(
  sessions: Sessions,
  resource: Resource,
  { namespace, name }: Key,
  signal?: AbortSignal,
): Promise<Entry | undefined> {
  // PostgreSQL takes no text with it, and nothing is called so.
  if (`${namespace}${name}`.includes('\0')) return undefined
  const query = sql`select namespace, name, uid, rv, body from kradle.object
    where resource = ${resource.kind.plural} and namespace = ${namespace} and name = ${name}`
  const options = { name: 'kradle_get', signal, again: true }
  const [row] = await sessions.rows(compiled(query), options)
  return row && entryOf(resource, row)
}

/** See Store.list. */
export async function list(
  sessions: Sessions,
  resource: Resource,
  query: ListQuery,
  signal?: AbortSignal,
): Promise<ListPage> {
  const ask = (statement: ReturnType<typeof objects>) =>
    sessions.rows(compiled(statement), { signal, withinMs: LIST_MS, again: true })
  const at =
    query.at === undefined
      ? await settledVersion(sessions, resource, signal)
      : await knownVersion(sessions, resource, query.at, signal)
  // One more than wanted, to know whether there is more.
  const { limit } = query
  const wanted = limit === undefined ? query : { ...query, limit: limit + 1 }
  const full = (rows: readonly Row[]) => limit !== undefined && rows.length > limit

  let there: readonly Row[] = []
  if (limit !== undefined && isSelective(query)) {
    there = await ask(objectsNearby(resource, wanted, at))
    if (!full(there)) there = await ask(objectsByTerms(resource, wanted, at))
  } else there = await ask(objects(resource, wanted, at))

  // Asked afterwards: what changes between the two is found here, as it was, and may be found twice.
  const last = full(there) ? keyOf(there.at(-1)!) : undefined
  const since = await ask(changed(resource, wanted, at, last))
  requireKept(at, since[0]![5]!)

  const rows = merged(
    there,
    since.filter(row => row[1] !== null),
  )
  const more = full(rows)
  const entries = rows.slice(0, limit).map(row => entryOf(resource, row))
  const page = { entries, resourceVersion: at, more }
  const end = entries.at(-1)
  if (isSelective(query) || !more || !end) return page
  const [row] = await ask(remaining(resource, query, at, end))
  const count = row?.[0]
  return typeof count === 'string' ? { ...page, remaining: Number(count) } : page
}

const keyOf = ([namespace, name]: Row): Key => ({ namespace: namespace!, name: name! })

const entryOf = (resource: Resource, [namespace, name, uid, rv, body]: Row): Entry => ({
  namespace: namespace!,
  name: name!,
  uid: uid!,
  resourceVersion: rv!,
  json: jsonOf(resource, rv!, body!),
})
