import { cpus } from 'node:os'
import type { Progress } from '#hack/local/progress.ts'
import type { Settings } from '#hack/local/settings.ts'
import { versions } from '#hack/versions.ts'
import { switchSetup } from './in-force.ts'
import type { BenchOptions } from './options.ts'
import { createOrganizations } from './organizations.ts'
import { seeded, shuffled } from './random.ts'
import { report } from './report.ts'
import type { Series } from './results.ts'
import { none } from './setups/native.ts'
import type { Setup } from './setups/setup.ts'
import { startStand, type Stand } from './stand.ts'
import { slugOf } from './teams.ts'
import type { Stage } from './targets.ts'
import { visit, type Visit } from './visit.ts'
import { writerTo } from './writer.ts'

const clients = 8

/** On a slow or busy machine a stage ends before its last round, rather than taking as long as it takes. */
const stageMs = 240_000

/** What creating a Team costs under each setup, measured side by side; returns the report. */
export async function benchAdmission(
  options: BenchOptions,
  settings: Settings,
  progress: Progress,
): Promise<string> {
  const stand = await startStand(settings, progress)
  try {
    progress.line(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`)
    progress.line(`Kubernetes ${versions.kubernetes}, Kyverno ${versions.kyverno}`)
    // Nothing is left for it to do, and what it does would be in somebody's figures.
    await stand.kradle.kill('identity-controller', 'SIGTERM')
    const few = await measure(stand, 1, options, progress)
    await stand.kradle.restart('identity-controller')
    await progress.task(`creating ${options.organizations} organisations`, () =>
      createOrganizations(stand.api, 1, options.organizations),
    )
    await stand.kradle.kill('identity-controller', 'SIGTERM')
    const many = await measure(stand, options.organizations, options, progress)
    return report(few, many)
  } finally {
    await stand.stop()
  }
}

/** Visits every setup once a round, in an order drawn anew for each. Leaves all of Kradle in force, as it found it. */
async function measure(
  { controlPlane, api, setups }: Stand,
  organizations: number,
  { rounds, requests }: BenchOptions,
  progress: Progress,
): Promise<Stage> {
  const slugs = Array.from({ length: organizations }, (_, index) => slugOf(index))
  const writer = writerTo(controlPlane.server, controlPlane.adminCertificate, clients)
  const random = seeded(organizations)
  const probe = { api, writer, slug: slugs[0]! }
  const apiserver = () => controlPlane.pid('kube-apiserver')
  const visits = new Map<string, Visit[]>()
  let inForce: Setup = setups.get('kradle') ?? none
  const switchTo = async (setup: Setup) => {
    await switchSetup(inForce, setup, probe)
    inForce = setup
  }
  try {
    const begun = Date.now()
    for (let round = 1; round <= rounds; round++) {
      // Another round takes about as long as those before it did.
      if (round > 1 && ((Date.now() - begun) * round) / (round - 1) > stageMs) break
      const label = `${organizations} organisations, round ${round} of ${rounds}`
      await progress.task(label, async note => {
        for (const setup of shuffled([...setups.values()], random)) {
          note(setup.title)
          await switchTo(setup)
          for (const shape of shuffled(setup.shapes, random)) {
            const options = { api, writer, apiserver, slugs, requests, clients, random }
            const seen = await visit(setup, shape, options)
            const key = `${setup.name}/${shape}`
            visits.set(key, [...(visits.get(key) ?? []), seen])
          }
        }
      })
    }
    await switchTo(setups.get('kradle') ?? none)
  } finally {
    writer.close()
  }
  const series = [...setups.values()].flatMap(({ name, title, shapes }) =>
    shapes.map<Series>(shape => ({
      setup: name,
      title,
      shape,
      visits: visits.get(`${name}/${shape}`) ?? [],
    })),
  )
  return { organizations, series }
}
