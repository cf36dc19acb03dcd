import type { Progress } from '#hack/local/progress.ts'
import { callerTo, expecting, textOf } from '../caller.ts'
import { seeded } from '../random.ts'
import { issuesOf } from './issues.ts'
import type { ActivityOptions } from './options.ts'
import { listed, pageOf, pageSelectors } from './population.ts'
import type { ActivityStand } from './stand.ts'

/** Milliseconds of reads by round, one of each side directly after the other. */
export type Pairs = {
  readonly title: string
  readonly kradle: readonly (readonly number[])[]
  readonly crd: readonly (readonly number[])[]
  /** Of one answer of Kradle's. */
  readonly bytes: number
}

export type PageForm = keyof typeof pageSelectors

/** The whole list of a namespace. */
export const measureLists = (
  stand: ActivityStand,
  options: ActivityOptions,
  progress: Progress,
): Promise<Pairs> => {
  const slug = listed(options)
  const paths = { kradle: issuesOf('kradle', slug), crd: issuesOf('crd', slug) }
  const title = `list of ${options.objects.toLocaleString('en')}`
  return inPairs(stand, paths, { title, items: options.objects }, options, progress)
}

/**
 * The first page by a label of all namespaces, each next to the same page of the custom resources of one: of those
 * there are always as many, so that two sizes of the other can be compared though they are measured at different times.
 */
export const measurePage = (
  stand: ActivityStand,
  options: ActivityOptions,
  form: PageForm,
  rows: number,
  progress: Progress,
): Promise<Pairs> => {
  const selector = pageSelectors[form]
  const paths = {
    kradle: pageOf('kradle', selector),
    crd: pageOf('crd', selector, listed(options)),
  }
  const title = `page by a ${form} label of ${rows.toLocaleString('en')}`
  return inPairs(stand, paths, { title, items: undefined }, options, progress)
}

type Paths = Readonly<Record<'kradle' | 'crd', string>>

async function inPairs(
  { controlPlane, credentials }: ActivityStand,
  paths: Paths,
  { title, items }: { readonly title: string; readonly items: number | undefined },
  { rounds, reads }: ActivityOptions,
  progress: Progress,
): Promise<Pairs> {
  const caller = callerTo(controlPlane.server, credentials, 1)
  const random = seeded(rounds * reads)
  const times = { kradle: [] as number[][], crd: [] as number[][] }
  const read = (side: 'kradle' | 'crd') =>
    expecting(caller, { method: 'GET', path: paths[side] }, 200)
  try {
    const counts = []
    let bytes = 0
    for (const side of ['crd', 'kradle'] as const) {
      const text = textOf(await read(side))
      bytes = text.length
      counts.push((JSON.parse(text) as { items: unknown[] }).items.length)
    }
    if (counts[0] !== counts[1] || (items !== undefined && counts[0] !== items))
      throw new Error(`${title}: ${counts.join(' and ')} objects`)
    for (let round = 1; round <= rounds; round++)
      await progress.task(`${title}, round ${round} of ${rounds}`, async () => {
        const seen = { kradle: [] as number[], crd: [] as number[] }
        for (let pair = 0; pair < reads; pair++) {
          const sides = ['kradle', 'crd'] as const
          for (const side of random() < 0.5 ? sides : sides.toReversed())
            seen[side].push((await read(side)).ms)
        }
        times.kradle.push(seen.kradle)
        times.crd.push(seen.crd)
      })
    return { title, ...times, bytes }
  } finally {
    caller.close()
  }
}
