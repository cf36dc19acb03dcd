import type { Progress } from '#hack/local/progress.ts'
import { callerTo, expecting, textOf, type Caller } from '../caller.ts'
import { inParallel } from '../in-parallel.ts'
import { slugOf } from '../teams.ts'
import { allIssues, creation, issuesOf, type Side } from './issues.ts'
import type { ActivityOptions } from './options.ts'
import { count, insert, nameOf, type Labels } from './rows.ts'
import type { ActivityStand } from './stand.ts'

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
    insert(stand, [slug], objects, labelsOf, () => {}),
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
    insert(stand, slugs, each, labels, note),
  )
}

type Listed = { readonly metadata: { readonly name: string } }

/** Both sides list the same, and of about the same size: otherwise their times would not compare. */
async function requireAlike(stand: ActivityStand, slug: string, objects: number): Promise<void> {
  const caller = callerTo(stand.controlPlane.server, stand.credentials, 1)
  try {
    const [ours, theirs] = [await seen('kradle'), await seen('crd')]
    // Of ours the status says where they are kept.
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
