import type { Progress } from '#hack/local/progress.ts'
import { Problem } from '#hack/local/problem.ts'
import type { Settings } from '#hack/local/settings.ts'
import { bringIn, takeOut } from './in-force.ts'
import { measure, setupOf, tellMachine } from './measure.ts'
import type { GrantOptions } from './options.ts'
import { createOrganizations } from './organizations.ts'
import { pods } from './pods.ts'
import { memoryOf, type Memory } from './process-memory.ts'
import { grantReport } from './report.ts'
import { lessUnjudged } from './results.ts'
import { seed, seeders, untilAccounts } from './seed.ts'
import { podSetups } from './setups/pods.ts'
import type { Setup } from './setups/setup.ts'
import { startStand, type Stand } from './stand.ts'
import { webhookFigures } from './targets.ts'
import { slugOf } from './teams.ts'
import { accountIn, cached, callsPerReview } from './webhook-account.ts'
import { writerTo } from './writer.ts'

/** What creating a Pod that uses two keys of a Secret costs under each setup, beside many grants; returns the report. */
export async function benchGrants(
  options: GrantOptions,
  settings: Settings,
  progress: Progress,
): Promise<string> {
  const { organizations, grants } = options
  if (grants < organizations)
    throw new Problem(
      `--grants: ${grants} is less than one for each of ${organizations} organisations`,
    )
  const stand = await startStand(settings, progress)
  try {
    tellMachine(progress)
    const setups = await podSetups(stand)
    await progress.task(`creating ${organizations} organisations`, async () => {
      await createOrganizations(stand.api, 1, organizations)
      await untilAccounts(stand.api, organizations)
    })
    await stand.stopControllers()
    await writeGrants(stand, setupOf('kradle', setups), options, progress)

    const before = accountIn(await webhookMetrics(stand))
    const started = webhookMemory(stand)
    const series = await measure(stand, { ...options, setups, sample: pods }, progress)
    const after = accountIn(await webhookMetrics(stand))
    const stage = { noun: pods.noun, organizations, grants, series: lessUnjudged(series) }
    return grantReport(
      stage,
      webhookFigures({
        started,
        memory: webhookMemory(stand),
        calls: callsPerReview(before, after),
      }),
    )
  } finally {
    await stand.stop()
  }
}

/** Writes them past Kradle, and then has its webhook come up with all of them, as after any restart. */
async function writeGrants(
  stand: Stand,
  kradle: Setup,
  { organizations, grants }: GrantOptions,
  progress: Progress,
): Promise<void> {
  const { api, controlPlane } = stand
  const writer = writerTo(controlPlane.server, controlPlane.adminCertificate, seeders)
  const using = { api, writer, sample: pods, slug: slugOf(0) }
  try {
    await takeOut(kradle, using)
    await progress.task(`writing ${grants} grants`, note =>
      seed(writer, { organizations, grants }, note),
    )
    await bringIn(kradle, using)
    await progress.task('restarting the webhook', () => stand.kradle.restart('webhook'))
    const held = cached('agentsecretgrants.kradle.a5c.ai', await webhookMetrics(stand))
    if (held !== grants) throw new Error(`the webhook holds ${held} of ${grants} grants`)
  } finally {
    writer.close()
  }
}

async function webhookMetrics({ kradle }: Stand): Promise<string> {
  const answer = await fetch(`${kradle.health('webhook')}/metrics`)
  if (!answer.ok) throw new Error(`/metrics of the webhook: ${answer.status}`)
  return answer.text()
}

function webhookMemory({ kradle }: Stand): Memory {
  const pid = kradle.pid('webhook')
  if (pid === undefined) throw new Error('the webhook does not run')
  return memoryOf(pid)
}
