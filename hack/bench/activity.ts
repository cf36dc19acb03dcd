import type { Progress } from '#hack/local/progress.ts'
import type { Settings } from '#hack/local/settings.ts'
import { grow, pageSelectors, populate } from './activity/population.ts'
import type { ActivityOptions, Part } from './activity/options.ts'
import { measureLists, measurePage, type PageForm, type Pairs } from './activity/reads.ts'
import { activityReport } from './activity/report.ts'
import { startActivityStand } from './activity/stand.ts'
import { measureWatches } from './activity/watches.ts'
import { measureWrites } from './activity/writes.ts'
import { tellMachine } from './measure.ts'

/** What Issues of kradle-apiserver cost next to the same as custom resources, side by side; returns the report. */
export async function benchActivity(
  { wanted, options }: { readonly wanted: ReadonlySet<Part>; readonly options: ActivityOptions },
  settings: Settings,
  progress: Progress,
): Promise<string> {
  const stand = await startActivityStand(settings, options.organizations, progress)
  try {
    tellMachine(progress)
    const forms = Object.keys(pageSelectors) as PageForm[]
    const pages = async (rows: number): Promise<Pairs[]> => {
      const measured: Pairs[] = []
      for (const form of wanted.has('pages') ? forms : [])
        measured.push(await measurePage(stand, options, form, rows, progress))
      return measured
    }
    // What others add comes after: the few are as many as they are said to be.
    if (wanted.has('lists') || wanted.has('pages')) await populate(stand, options, progress)
    const lists = wanted.has('lists') ? await measureLists(stand, options, progress) : undefined
    const few = await pages(options.objects)
    const writes = wanted.has('writes') ? await measureWrites(stand, options, progress) : undefined
    const watches = wanted.has('watches')
      ? await measureWatches(stand, options, progress)
      : undefined
    if (wanted.has('pages')) await grow(stand, options, progress)
    const many = await pages(options.rows)
    return activityReport({
      ...(lists && { lists }),
      pages: few.map((each, index) => ({ few: each, many: many[index]! })),
      ...(writes && { writes }),
      ...(watches && { watches }),
    })
  } finally {
    await stand.stop()
  }
}
