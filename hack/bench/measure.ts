import { cpus } from 'node:os'
import type { Progress } from '#hack/local/progress.ts'
import { versions } from '#hack/versions.ts'
import { switchSetup, type With } from './in-force.ts'
import type { BenchOptions } from './options.ts'
import { seeded, shuffled } from './random.ts'
import type { Series } from './results.ts'
import type { Sample } from './sample.ts'
import type { Setup } from './setups/setup.ts'
import type { Stand } from './stand.ts'
import { slugOf } from './teams.ts'
import { visit, type Visit } from './visit.ts'
import { writerTo } from './writer.ts'

export const clients = 8

/** On a slow or busy machine a stage ends before its last round, rather than taking as long as it takes. */
const stageMs = 240_000

/** What figures belong to. */
export function tellMachine(progress: Progress): void {
  progress.line(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`)
  progress.line(`Kubernetes ${versions.kubernetes}, Kyverno ${versions.kyverno}`)
}

type Stage = {
  readonly setups: readonly Setup[]
  readonly sample: Sample
  readonly organizations: number
} & Pick<BenchOptions, 'rounds' | 'requests'>

/** Visits every setup once a round, in an order drawn anew for each. Leaves all of Kradle in force, as it found it. */
export async function measure(
  { controlPlane, api }: Pick<Stand, 'controlPlane' | 'api'>,
  { setups, sample, organizations, rounds, requests }: Stage,
  progress: Progress,
): Promise<Series[]> {
  const slugs = Array.from({ length: organizations }, (_, index) => slugOf(index))
  const writer = writerTo(controlPlane.server, controlPlane.adminCertificate, clients)
  const random = seeded(organizations)
  const using: With = { api, writer, sample, slug: slugs[0]! }
  const apiserver = () => controlPlane.pid('kube-apiserver')
  const visits = new Map<string, Visit[]>()
  const kradle = setupOf('kradle', setups)
  let inForce = kradle
  const switchTo = async (setup: Setup) => {
    await switchSetup(inForce, setup, using)
    inForce = setup
  }
  try {
    const begun = Date.now()
    for (let round = 1; round <= rounds; round++) {
      // Another round takes about as long as those before it did.
      if (round > 1 && ((Date.now() - begun) * round) / (round - 1) > stageMs) break
      const label = `${organizations} organisations, round ${round} of ${rounds}`
      await progress.task(label, async note => {
        for (const setup of shuffled(setups, random)) {
          note(setup.title)
          await switchTo(setup)
          for (const shape of shuffled(setup.shapes, random)) {
            const options = { api, writer, sample, apiserver, slugs, requests, clients, random }
            const seen = await visit(setup, shape, options)
            const key = `${setup.name}/${shape}`
            visits.set(key, [...(visits.get(key) ?? []), seen])
          }
        }
      })
    }
    await switchTo(kradle)
  } finally {
    writer.close()
  }
  return setups.flatMap(({ name, title, shapes }) =>
    shapes.map<Series>(shape => ({
      setup: name,
      title,
      shape,
      visits: visits.get(`${name}/${shape}`) ?? [],
    })),
  )
}

export function setupOf(name: Setup['name'], setups: readonly Setup[]): Setup {
  const found = setups.find(setup => setup.name === name)
  if (!found) throw new Error(`there is no setup ${name}`)
  return found
}
