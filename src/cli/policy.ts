import process from 'node:process'
import { parseArgs } from 'node:util'
import { KradleError } from '#src/lib/errors.ts'
import { testedIn } from '#src/policy-test/folders.ts'
import { askKradle } from '#src/policy-test/kradle.ts'
import { askKyverno, findKyverno } from '#src/policy-test/kyverno-cli.ts'
import { outcomesOf, type Outcome } from '#src/policy-test/outcome.ts'
import { jsonReport, tableReport } from '#src/policy-test/report.ts'
import { suiteOf } from '#src/policy-test/suite.ts'

export const usage = `kradle policy test: tries PolicyTemplates on objects, with Kyverno's own command line and without a cluster

  kradle policy test [folder ...]

  A folder with a template.yaml is a template, the files of its folder tests are its tests; the folders that
  are given, else the current one, are searched for them.

      --kyverno          Kyverno's CLI; left out, kyverno or kubectl-kyverno on the PATH
      --without-kyverno  have Kradle judge alone, as kradle check does
  -q, --quiet            say only what is other than expected, and the sum
  -o, --output           table or json

Exits with 0 where every object came out as expected, with 1 where one did not, with 2 where it could not be tried.
`

const options = {
  kyverno: { type: 'string' },
  'without-kyverno': { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  output: { type: 'string', short: 'o', default: 'table' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Runs `kradle policy test`; resolves with its exit code. Throws where it cannot be tried. */
export async function policy(
  args: readonly string[],
  print: (text: string) => void,
): Promise<0 | 1> {
  const { values: flags, positionals } = parse(args)
  const [command, ...folders] = positionals
  if (flags.help || command === undefined) {
    print(usage)
    return 0
  }
  if (command !== 'test') throw invalid(`"policy ${command}" is no command; there is: policy test`)
  const { output, kyverno } = flags
  if (output !== 'table' && output !== 'json')
    throw invalid(`--output ${output}: must be table or json`)
  if (flags['without-kyverno'] && kyverno !== undefined)
    throw invalid('--kyverno and --without-kyverno: give one of them')

  const program = flags['without-kyverno'] ? undefined : programAt(kyverno)
  const outcomes: Outcome[] = []
  for (const { file, template, tests } of testedIn(folders.length > 0 ? folders : ['.']))
    for (const test of tests) {
      const now = new Date()
      const suite = within(`${file}, test ${test.name}`, () => suiteOf(template, test, now))
      const theirs = program === undefined ? new Map() : await askKyverno(program, suite)
      outcomes.push(...outcomesOf(suite, theirs, askKradle(suite, now)))
    }
  print(output === 'json' ? jsonReport(outcomes) : tableReport(outcomes, flags.quiet))
  return outcomes.some(({ problems }) => problems.length > 0) ? 1 : 0
}

function programAt(given: string | undefined): string {
  const found = findKyverno(given, process.env['PATH'] ?? '')
  if (found !== undefined) return found
  throw invalid(
    "Kyverno's CLI is not on the PATH: install it (github.com/kyverno/kyverno, v1.19 or later), give --kyverno, or do without it by --without-kyverno",
  )
}

function within<T>(place: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw new KradleError('InvalidPolicyTest', `${place}: ${(error as Error).message}`)
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
  } catch (error) {
    throw invalid((error as Error).message)
  }
}

const invalid = (message: string): KradleError => new KradleError('InvalidFlag', message)
