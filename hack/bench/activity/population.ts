import type { Progress } from '#hack/local/progress.ts'
import pg from 'pg'
import { callerTo, expecting, textOf, type Caller } from '../caller.ts'
import { inParallel } from '../in-parallel.ts'
import { namespaceOf, slugOf } from '../teams.ts'
import { allIssues, creation, issuesOf, type Side } from './issues.ts'
import type { ActivityOptions } from './options.ts'
import type { ActivityStand } from './stand.ts'

type Labels = Readonly<Record<string, string>>

/** One in ten of all there are, wherever one looks. */
const common: Labels = { 'bench/page': 'common' }
/** Some hundreds, all of them in one namespace, however many others there are. */
const rare: Labels = { 'bench/page': 'rare' }
/** On none of what is looked for. */
const other: Labels = { 'bench/page': 'other' }

export const pageSelectors = { common: 'bench/page=common', rare: 'bench/page=rare' } as const

const labelsOf = (index: number): Labels => {
  if (index % 10 === 0) return common
  return index % 16 === 5 ? rare : other
}

/** The organisation whose Issues are listed: in the middle, so that half of all others come before it. */
export const listed = ({ organizations }: Pick<ActivityOptions, 'organizations'>): string =>
  slugOf(Math.floor(organizations / 2))

const nameOf = (index: number): string => `row-${String(index).padStart(7, '0')}`

/** More than 1,024 would need more than one transaction's versions. */
const batch = 1_000

/** Fills the namespace that is listed, alike on both sides: custom resources by requests, rows by SQL. */
export async function populate(
  stand: ActivityStand,
  options: ActivityOptions,
  progress: Progress,
): Promise<void> {
  const slug = listed(options)
  const { objects } = options
  await progress.task(`creating ${objects} custom resources`, async () => {
    const caller = callerTo(stand.controlPlane.server, stand.credentials, 16)
    const indexes = Array.from({ length: objects }, (_, index) => index)
    await inParallel(indexes, 16, async index => {
      const call = creation('crd', slug, nameOf(index), labelsOf(index))
      await expecting(caller, call, 201)
    }).finally(() => caller.close())
  })
  await progress.task(`writing ${objects} rows`, () =>
    insert(stand, [slug], objects, labelsOf, progress),
  )
  await requireAlike(stand, slug, objects)
}

/** Adds rows in all other namespaces until there are as many as wanted. None has the rare label. */
export async function grow(
  stand: ActivityStand,
  options: ActivityOptions,
  progress: Progress,
): Promise<void> {
  const slugs = Array.from({ length: options.organizations }, (_, index) => slugOf(index)).filter(
    slug => slug !== listed(options),
  )
  const more = options.rows - (await count(stand))
  if (more <= 0) return
  const labels = (index: number) => (index % 10 === 0 ? common : other)
  const each = Math.ceil(more / slugs.length)
  await progress.task(`writing ${each * slugs.length} rows`, note =>
    insert(stand, slugs, each, labels, { ...progress, line: note }),
  )
}

/** Copies rows of objects that were created by requests, under other names, until each namespace has `each` more. */
async function insert(
  stand: ActivityStand,
  slugs: readonly string[],
  each: number,
  labels: (index: number) => Labels,
  { line }: Pick<Progress, 'line'>,
): Promise<void> {
  const caller = callerTo(stand.controlPlane.server, stand.credentials, 4)
  const client = new pg.Client({ connectionString: stand.database.url })
  await client.connect()
  try {
    // All at once takes a tenth of the time: the index is made anew in the end, and nobody waits for the disk.
    await client.query('set synchronous_commit = off')
    await client.query("set maintenance_work_mem = '512MB'")
    const index = await client.query<{ definition: string }>(
      `select pg_get_indexdef('kradle.object_terms'::regclass) as definition`,
    )
    await client.query('drop index kradle.object_terms')
    // The first of each label are objects to copy.
    const firsts = Array.from({ length: 16 }, (_, index) => index)
    for (const [done, slug] of slugs.entries()) {
      line(`${done} of ${slugs.length} namespaces`)
      for (const index of firsts)
        await expecting(caller, creation('kradle', slug, nameOf(index), labels(index)), 201)
      const byLabel = (value: string) => firsts.find(index => labels(index)['bench/page'] === value)
      for (let from = firsts.length; from < each; from += batch) {
        const indexes = Array.from({ length: Math.min(batch, each - from) }, (_, i) => from + i)
        const names = indexes.map(nameOf)
        const models = indexes.map(index => nameOf(byLabel(labels(index)['bench/page']!)!))
        await client.query(copies, [namespaceOf(slug), names, models])
      }
    }
    await client.query(index.rows[0]!.definition)
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

async function count({ database }: ActivityStand): Promise<number> {
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

type Listed = { readonly metadata: { readonly name: string } }

/** Both sides list the same, and of about the same size: otherwise their times would not compare. */
async function requireAlike(stand: ActivityStand, slug: string, objects: number): Promise<void> {
  const caller = callerTo(stand.controlPlane.server, stand.credentials, 1)
  try {
    const [ours, theirs] = [await seen('kradle'), await seen('crd')]
    const isAlike = Math.abs(ours.bytes / theirs.bytes - 1) < 0.05
    if (ours.names.length !== objects || ours.names.join() !== theirs.names.join() || !isAlike)
      throw new Error(
        `the lists differ: ${ours.names.length} and ${theirs.names.length} objects in ${ours.bytes} and ${theirs.bytes} bytes`,
      )
  } finally {
    caller.close()
  }
  async function seen(side: Side) {
    const text = textOf(await list(caller, issuesOf(side, slug)))
    const { items } = JSON.parse(text) as { items: readonly Listed[] }
    return { bytes: text.length, names: items.map(({ metadata }) => metadata.name) }
  }
}

const list = (caller: Caller, path: string) => expecting(caller, { method: 'GET', path }, 200)

/** The first five hundred of those with the label, of the namespaces there are, or of one. */
export const pageOf = (side: Side, selector: string, slug?: string): string =>
  `${slug === undefined ? allIssues(side) : issuesOf(side, slug)}?limit=500&labelSelector=${encodeURIComponent(selector)}`
