import { resolve } from 'node:path'
import { explain, Problem } from '#hack/local/problem.ts'
import { progressOn, type Progress } from '#hack/local/progress.ts'
import { settingsFrom, type Settings } from '#hack/local/settings.ts'
import { onStop } from '#hack/local/signals.ts'
import { benchAdmission } from './admission.ts'
import { benchActivity } from './activity.ts'
import { activityOptions } from './activity/options.ts'
import { benchGrants } from './grants.ts'
import { admissionPresets, benchOptions, grantPresets } from './options.ts'
import { benchScan } from './scan.ts'
import { scanPresets } from './scan/options.ts'

/** What `npm run bench -- <name>` runs; each returns its report. */
const benchmarks: Record<
  string,
  (args: readonly string[], settings: Settings, progress: Progress) => Promise<string>
> = {
  activity: (args, ...rest) => benchActivity(activityOptions(args), ...rest),
  admission: (args, ...rest) => benchAdmission(benchOptions(args, admissionPresets), ...rest),
  grants: (args, ...rest) => benchGrants(benchOptions(args, grantPresets), ...rest),
  scan: (args, ...rest) => benchScan(benchOptions(args, scanPresets), ...rest),
}

const leave = () => process.exit(130)
const stopListening = onStop(leave, leave)
try {
  const [name = '', ...args] = process.argv.slice(2)
  const benchmark = benchmarks[name]
  if (!benchmark)
    throw new Problem(`no benchmark "${name}"; there are ${Object.keys(benchmarks).join(', ')}`)
  const settings = settingsFrom(process.env, resolve(import.meta.dirname, '../..'))
  // Progress on the side, so that the report alone can go into a file.
  const report = await benchmark(args, settings, progressOn(process.stderr))
  process.stdout.write(`${report}\n`)
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
} finally {
  stopListening()
}
