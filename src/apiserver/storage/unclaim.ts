import { sql } from 'kysely'
import type { Resource } from '../resource.ts'
import { compiled } from './database.ts'
import type { Sessions } from './sessions.ts'
import type { Entry } from './store.ts'

/** See Store.unclaim. */
export async function unclaim(
  sessions: Sessions,
  { kind }: Resource,
  { namespace, name, resourceVersion }: Entry,
  signal?: AbortSignal,
): Promise<void> {
  const query = sql`update kradle.object set claim = null
    where resource = ${kind.plural} and namespace = ${namespace} and name = ${name} and rv = ${resourceVersion}`
  await sessions.rows(compiled(query), { signal, changes: true })
}
