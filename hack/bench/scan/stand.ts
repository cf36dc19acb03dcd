import type { Api } from '#hack/local/api.ts'
import type { ControlPlane } from '#hack/local/control-plane.ts'
import { startDatabase } from '#hack/local/database.ts'
import { install } from '#hack/local/install.ts'
import { deciding, startKradle, type Kradle } from '#hack/local/kradle.ts'
import { installKyverno } from '#hack/local/kyverno/kyverno.ts'
import type { Progress } from '#hack/local/progress.ts'
import type { Settings } from '#hack/local/settings.ts'
import { startCluster } from '../cluster.ts'
import { createOrganizations } from '../organizations.ts'
import { untilAccounts } from '../seed.ts'

/** One cluster with organisations, and with everything that deciding on writes takes. */
export type ScanStand = {
  readonly controlPlane: ControlPlane
  readonly kradle: Kradle
  readonly api: Api
  readonly stops: (() => Promise<unknown>)[]
  stop(): Promise<void>
}

export async function startScanStand(
  settings: Settings,
  organizations: number,
  progress: Progress,
): Promise<ScanStand> {
  const { home, controlPlane, api, stops, stop } = await startCluster(settings, progress)
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
    await installKyverno(controlPlane)
    await progress.task(`creating ${organizations} organisations`, () =>
      createOrganizations(api, 0, organizations),
    )
    await untilAccounts(api, organizations)
    return { controlPlane, kradle, api, stops, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
