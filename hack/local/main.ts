import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { down, reset, up } from './background.ts'
import { resolveBinaries } from './binaries.ts'
import { resolveAllOfKyverno } from './kyverno/binaries.ts'
import { explain, Problem } from './problem.ts'
import { progressOn } from './progress.ts'
import { settingsFrom, type Settings } from './settings.ts'
import { onStop } from './signals.ts'
import { start } from './start.ts'
import { resolveHelm } from './tools.ts'

const progress = progressOn(process.stdout)
const repository = resolve(import.meta.dirname, '../..')

type Flags = {
  readonly 'without-kyverno'?: boolean
  readonly kyverno?: boolean
  readonly helm?: boolean
}
type Verb = {
  readonly flags: readonly (keyof Flags)[]
  /** Returns the exit code. */
  readonly run: (settings: Settings, flags: Flags) => Promise<number>
}

const withoutKyverno = 'without-kyverno'

/** What `npm start` and `npm run up | down | reset` run. */
const verbs: Record<string, Verb> = {
  start: {
    flags: [withoutKyverno],
    run: (settings, flags) =>
      start(settings, progress, { background: false, kyverno: !flags[withoutKyverno] }),
  },
  up: {
    flags: [withoutKyverno],
    run: (settings, flags) =>
      up(settings, progress, [
        import.meta.filename,
        'supervise',
        ...(flags[withoutKyverno] ? [`--${withoutKyverno}`] : []),
      ]),
  },
  down: { flags: [], run: settings => down(settings, progress) },
  reset: { flags: [], run: settings => reset(settings, progress) },
  /** Finds, fetches or builds the binaries and prints where they are. */
  binaries: { flags: ['kyverno', 'helm'], run: binaries },
  /** The background half of `up`. */
  supervise: {
    flags: [withoutKyverno],
    run: (settings, flags) =>
      start(settings, progress, { background: true, kyverno: !flags[withoutKyverno] }),
  },
}

/** Those of the control plane; with `--kyverno` those of Kyverno instead, which take as long again; with `--helm` helm alone. */
async function binaries(settings: Settings, { kyverno, helm }: Flags): Promise<number> {
  const leave = () => process.exit(130)
  const stopListening = onStop(leave, leave)
  const paths = helm
    ? [await resolveHelm(settings, progress)]
    : kyverno
      ? await resolveAllOfKyverno(settings, progress)
      : Object.values(await resolveBinaries(settings, progress))
  for (const path of paths) progress.line(path)
  stopListening()
  return 0
}

function parse(verb: Verb, args: string[]): Flags {
  const options = Object.fromEntries(verb.flags.map(flag => [flag, { type: 'boolean' } as const]))
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    throw new Problem((error as Error).message, { cause: error })
  }
}

try {
  const [name = 'start', ...args] = process.argv.slice(2)
  const verb = verbs[name]
  if (!verb) throw new Problem(`no verb ${name}; there are ${Object.keys(verbs).join(', ')}`)
  process.exitCode = await verb.run(settingsFrom(process.env, repository), parse(verb, args))
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
