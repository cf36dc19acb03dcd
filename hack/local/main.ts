import { resolve } from 'node:path'
import { down, reset, up } from './background.ts'
import { resolveBinaries } from './binaries.ts'
import { explain, Problem } from './problem.ts'
import { progressOn } from './progress.ts'
import { settingsFrom, type Settings } from './settings.ts'
import { onStop } from './signals.ts'
import { start } from './start.ts'

const progress = progressOn(process.stdout)
const repository = resolve(import.meta.dirname, '../..')

/** What `npm start` and `npm run up | down | reset` run; each returns the exit code. */
const verbs: Record<string, (settings: Settings) => Promise<number>> = {
  start: settings => start(settings, progress, false),
  up: settings => up(settings, progress, import.meta.filename),
  down: settings => down(settings, progress),
  reset: settings => reset(settings, progress),
  /** Finds, fetches or builds the binaries and prints where they are. */
  binaries,
  /** The background half of `up`. */
  supervise: settings => start(settings, progress, true),
}

async function binaries(settings: Settings): Promise<number> {
  const leave = () => process.exit(130)
  const stopListening = onStop(leave, leave)
  for (const path of Object.values(await resolveBinaries(settings, progress))) progress.line(path)
  stopListening()
  return 0
}

try {
  const name = process.argv[2] ?? 'start'
  const verb = verbs[name]
  if (!verb) throw new Problem(`no verb ${name}; there are ${Object.keys(verbs).join(', ')}`)
  process.exitCode = await verb(settingsFrom(process.env, repository))
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
