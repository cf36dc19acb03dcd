import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Api } from '#hack/local/api.ts'
import type { ControlPlane } from '#hack/local/control-plane.ts'
import { install } from '#hack/local/install.ts'
import { deciding, startKradle, type Kradle } from '#hack/local/kradle.ts'
import type { Kyverno } from '#hack/local/kyverno/kyverno.ts'
import { documents } from '#hack/local/manifests.ts'
import type { Progress } from '#hack/local/progress.ts'
import type { Settings } from '#hack/local/settings.ts'
import { startCluster } from './cluster.ts'
import { define, type Definition } from './definitions.ts'
import { startEmptyWebhook, type EmptyWebhook } from './empty/process.ts'
import { startAdmission } from './kyverno.ts'
import { inParallel } from './in-parallel.ts'
import { createOrganizations } from './organizations.ts'
import { referenceGroup, slugOf, teamGroup } from './teams.ts'

/** One cluster with everything that is compared running beside it, so that all of it meets the same machine. */
export type Stand = {
  readonly controlPlane: ControlPlane
  readonly kradle: Kradle
  readonly api: Api
  readonly empty: EmptyWebhook
  readonly kyverno: Kyverno
  /** Stops Kradle's controllers: nothing is left for them to do, and what they do would be in somebody's figures. */
  stopControllers(): Promise<void>
  startControllers(): Promise<void>
  stop(): Promise<void>
}

const repository = resolve(import.meta.dirname, '../..')

/** Starts it in a folder of its own, with data written to the disk as in earnest, and with Kradle in force. */
export async function startStand(settings: Settings, progress: Progress): Promise<Stand> {
  const { controlPlane, api, stops, stop } = await startCluster(settings, progress)
  try {
    await install(controlPlane)
    await define(api, [referenceDefinition()])
    const kradle = await startKradle(controlPlane, { processes: deciding, progress })
    stops.push(() => kradle.stop())
    await createOrganizations(api, 0, 1)
    const empty = await startEmptyWebhook(controlPlane, slugOf(0), progress)
    stops.push(() => empty.child.stop())
    const kyverno = await startAdmission(controlPlane, progress)
    stops.push(() => kyverno.stop())
    // It would put back what is taken out of force.
    await kradle.kill('admission-controller', 'SIGTERM')
    return {
      controlPlane,
      kradle,
      api,
      empty,
      kyverno,
      stopControllers: () => inParallel(controllers, 4, name => kradle.kill(name, 'SIGTERM')),
      startControllers: () => inParallel(controllers, 4, name => kradle.restart(name)),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** All of Kradle that acts on organisations and what they hold. */
const controllers = deciding
  .map(({ name }) => name)
  .filter(name => !['webhook', 'admission-controller'].includes(name))

/** The definition of Team once more, under a group of its own. */
function referenceDefinition(): Definition {
  const file = join(repository, 'crds/identity/teams.yaml')
  const [team] = documents(readFileSync(file, 'utf8'), file) as Definition[]
  if (!team) throw new Error(`${file} is empty`)
  const { plural, singular, kind } = team.spec.names
  return {
    ...team,
    metadata: { name: team.metadata.name.replace(teamGroup, referenceGroup) },
    spec: { ...team.spec, group: referenceGroup, names: { plural, singular, kind } },
  }
}
