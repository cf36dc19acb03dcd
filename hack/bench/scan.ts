import { inParallel } from './in-parallel.ts'
import { deciding } from '#hack/local/kradle.ts'
import type { Progress } from '#hack/local/progress.ts'
import type { Settings } from '#hack/local/settings.ts'
import { tellMachine } from './measure.ts'
import { scanWithKradle } from './scan/kradle.ts'
import { scanWithKyverno } from './scan/kyverno.ts'
import { populate } from './scan/objects.ts'
import type { ScanOptions } from './scan/options.ts'
import { scanReport } from './scan/results.ts'
import { startScanStand } from './scan/stand.ts'

/** What it costs to look through everything that is there, Kradle's way and Kyverno's; returns the report. */
export async function benchScan(
  options: ScanOptions,
  settings: Settings,
  progress: Progress,
): Promise<string> {
  const stand = await startScanStand(settings, options.organizations, progress)
  try {
    tellMachine(progress)
    const { objects } = options
    const begun = performance.now()
    await progress.task(`creating ${objects} objects`, note => populate(stand, options, note))
    const createdIn = (performance.now() - begun) / 1000
    // Nothing is left for them to do, and what they do would be in somebody's figures.
    await inParallel(deciding, 4, ({ name }) => stand.kradle.kill(name, 'SIGTERM'))
    const kradle = await scanWithKradle(stand, options, progress)
    const kyverno = await scanWithKyverno(stand, { objects, createdIn }, progress)
    return scanReport(kradle, kyverno)
  } finally {
    await stand.stop()
  }
}
