import pg from 'pg'
import { callerTo, expecting } from '../caller.ts'
import { namespaceOf } from '../teams.ts'
import { creation, issuesOf } from './issues.ts'
import type { ActivityStand } from './stand.ts'

export type Labels = Readonly<Record<string, string>>

export const nameOf = (index: number): string => `row-${String(index).padStart(7, '0')}`

/** More than 1,024 would need more than one transaction's versions. */
const batch = 1_000

/** Copies rows of objects that were created by requests, under other names, until each namespace has `each` more. */
export async function insert(
  stand: ActivityStand,
  slugs: readonly string[],
  each: number,
  labels: (index: number) => Labels,
  note: (detail: string) => void,
): Promise<void> {
  const caller = callerTo(stand.controlPlane.server, stand.credentials, 4)
  const client = new pg.Client({ connectionString: stand.database.url })
  await client.connect()
  try {
    // Entry by entry, the index would take most of the time.
    await client.query('set synchronous_commit = off')
    await client.query("set maintenance_work_mem = '512MB'")
    const {
      rows: [terms],
    } = await client.query<{ definition: string }>(
      `select pg_get_indexdef('kradle.object_terms'::regclass) as definition`,
    )
    await client.query('drop index kradle.object_terms')
    // The first of each label are objects to copy.
    const firsts = Array.from({ length: 16 }, (_, index) => index)
    for (const [done, slug] of slugs.entries()) {
      note(`${done} of ${slugs.length} namespaces`)
      for (const index of firsts)
        await expecting(caller, creation('kradle', slug, nameOf(index), labels(index)), 201)
      const modelOf = (value: string | undefined) =>
        nameOf(firsts.find(index => labels(index)['bench/page'] === value)!)
      for (let from = firsts.length; from < each; from += batch) {
        const indexes = Array.from({ length: Math.min(batch, each - from) }, (_, i) => from + i)
        const names = indexes.map(nameOf)
        const models = indexes.map(index => modelOf(labels(index)['bench/page']))
        await client.query(copies, [namespaceOf(slug), names, models])
      }
    }
    await client.query(terms!.definition)
    // What autovacuum does in its own time.
    await client.query('vacuum analyze kradle.object')
    // Rows without an event are seen once an event is newer than they are.
    const [slug] = slugs
    const path = `${issuesOf('kradle', slug!)}/${nameOf(0)}`
    const patch = Buffer.from('{"metadata":{"annotations":{"bench":"x"}}}')
    const contentType = 'application/merge-patch+json'
    await expecting(caller, { method: 'PATCH', path, body: patch, contentType }, 200)
    const back = Buffer.from('{"metadata":{"annotations":null}}')
    await expecting(caller, { method: 'PATCH', path, body: back, contentType }, 200)
  } finally {
    await client.end()
    caller.close()
  }
}

/** In the tables' own form: a row has the columns of its model, but for name, uid and version. */
const copies = `
  insert into kradle.object (resource, namespace, name, rv, changed, uid, labels, fields, terms, claim, body)
  select model.resource, model.namespace, wanted.name,
    base + (pg_current_xact_id()::text::bigint << 10) + wanted.at - 1, clock_timestamp(), wanted.uid,
    model.labels, model.fields, model.terms, null,
    replace(replace(model.body, '"name":"' || model.name || '"', '"name":"' || wanted.name || '"'),
      model.uid, wanted.uid)
  from (
    select name, of, at, gen_random_uuid()::text as uid
    from unnest($2::text[], $3::text[]) with ordinality as given (name, of, at)
  ) as wanted
  join kradle.object as model
    on model.resource = 'issues' and model.namespace = $1 and model.name = wanted.of
  cross join kradle.timeline`

/** Issues there are, of all namespaces. */
export async function count({ database }: ActivityStand): Promise<number> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    const query = `select count(*) from kradle.object where resource = 'issues'`
    const { rows } = await client.query<{ count: string }>(query)
    return Number(rows[0]?.count)
  } finally {
    await client.end()
  }
}
