import { installKyverno } from '#hack/local/kyverno/kyverno.ts'
import type { Progress } from '#hack/local/progress.ts'
import type { Settings } from '#hack/local/settings.ts'
import { untilAccounts } from '../seed.ts'
import { startServing, type Serving } from '../serving.ts'

/** One cluster with organisations in which Pods can be made, and which knows reports. */
export type ScanStand = Serving

export const startScanStand = (
  settings: Settings,
  organizations: number,
  progress: Progress,
): Promise<ScanStand> =>
  startServing(settings, organizations, progress, async stand => {
    await installKyverno(stand.controlPlane)
    await untilAccounts(stand.api, organizations)
    return stand
  })
