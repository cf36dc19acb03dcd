import { sql } from 'kysely'
import type { Resource } from '../resource.ts'
import { compiled } from './database.ts'
import type { Sessions } from './sessions.ts'
import { AlreadyExists, ClaimTaken, LimitReached, type Change } from './store.ts'
import { counted } from './write.ts'

/** See Store.check. */
export async function check(
  sessions: Sessions,
  { kind }: Resource,
  change: Change,
  signal?: AbortSignal,
): Promise<void> {
  if (change.type === 'delete') return
  const { name, namespace = '' } = change.object.metadata
  const { claim = null } = change
  const limit = change.type === 'create' ? change.limit : undefined
  const query = sql`select
    (select count(*) from (
      select from kradle.object where resource = ${kind.plural} and namespace = ${namespace}
      limit ${limit === undefined ? 0 : counted(limit)}) as counted),
    exists (select from kradle.object
      where resource = ${kind.plural} and namespace = ${namespace} and name = ${name}),
    (select name from kradle.object where resource = ${kind.plural} and claim = ${claim}::text
      and (namespace, name) <> (${namespace}, ${name}))`
  const [row] = await sessions.rows(compiled(query), { signal, again: true })
  const [taken, exists, holder] = row!
  if (limit !== undefined && Number(taken) >= limit) throw new LimitReached(Number(taken))
  if (change.type === 'create' && exists === 't')
    throw new AlreadyExists(`${kind.plural} ${namespace}/${name} already exists`)
  if (typeof holder === 'string') throw new ClaimTaken(claim!, holder)
}
