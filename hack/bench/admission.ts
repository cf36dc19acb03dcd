import type { Progress } from '#hack/local/progress.ts'
import type { Settings } from '#hack/local/settings.ts'
import { measure, tellMachine } from './measure.ts'
import type { BenchOptions } from './options.ts'
import { createOrganizations } from './organizations.ts'
import { report } from './report.ts'
import { teamSetups } from './setups/teams.ts'
import { startStand } from './stand.ts'
import type { Stage } from './targets.ts'
import { teams } from './teams.ts'

/** What creating a Team costs under each setup, measured side by side; returns the report. */
export async function benchAdmission(
  options: BenchOptions,
  settings: Settings,
  progress: Progress,
): Promise<string> {
  const stand = await startStand(settings, progress)
  try {
    tellMachine(progress)
    const setups = await teamSetups(stand)
    const stage = async (organizations: number): Promise<Stage> => {
      const wanted = { ...options, setups, sample: teams, organizations }
      return { organizations, noun: teams.noun, series: await measure(stand, wanted, progress) }
    }
    await stand.stopControllers()
    const few = await stage(1)
    await stand.startControllers()
    await progress.task(`creating ${options.organizations} organisations`, () =>
      createOrganizations(stand.api, 1, options.organizations),
    )
    await stand.stopControllers()
    const many = await stage(options.organizations)
    return report(few, many)
  } finally {
    await stand.stop()
  }
}
