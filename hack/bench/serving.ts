import { startDatabase, type Database } from '#hack/local/database.ts'
import { install } from '#hack/local/install.ts'
import { deciding, startKradle, type Kradle } from '#hack/local/kradle.ts'
import type { Progress } from '#hack/local/progress.ts'
import type { Settings } from '#hack/local/settings.ts'
import { startCluster, type Cluster } from './cluster.ts'
import { createOrganizations } from './organizations.ts'

/** A cluster with organisations that are Ready, all that decides on writes, and kradle-apiserver with its PostgreSQL. */
export type Serving = Cluster & { readonly kradle: Kradle; readonly database: Database }

/** Starts it and gets it ready; where that fails, all of it is stopped again. */
export async function startServing<Stand>(
  settings: Settings,
  organizations: number,
  progress: Progress,
  prepare: (serving: Serving) => Promise<Stand>,
): Promise<Stand> {
  const cluster = await startCluster(settings, progress)
  const { home, controlPlane, api, stops, stop } = cluster
  try {
    const [, database] = await Promise.all([
      install(controlPlane),
      startDatabase(home, { report: progress.line }),
    ])
    stops.push(() => database.stop())
    const kradle = await startKradle(controlPlane, {
      processes: [...deciding, { name: 'apiserver', flags: ['--drain-seconds', '0'] }],
      databaseUrl: database.url,
      progress,
    })
    stops.push(() => kradle.stop())
    await progress.task(`creating ${organizations} organisations`, () =>
      createOrganizations(api, 0, organizations),
    )
    return await prepare({ ...cluster, kradle, database })
  } catch (error) {
    await stop()
    throw error
  }
}
