import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { allAreas } from './areas.ts'
import { byRow } from './report/by-row.ts'
import { junitOf } from './report/junit.ts'
import { summaryOf, tableOf } from './report/table.ts'
import { lookAt, NotThere } from './runner/cluster.ts'
import { Interrupted, kubectlOf } from './runner/kubectl.ts'
import { runAreas, type Result } from './runner/run.ts'
import { chosen, isWhole, listed, rowsWanted } from './selection.ts'

const USAGE = `npm run test:conformance -- [--only ROW|AREA|SCENARIO]... [--junit FILE] [--list]

Tries on the cluster of KUBECONFIG, as its admin, what Kradle promises there: docs/conformance.md. It makes organisations
of its own and takes them away again. KUBECTL names the kubectl to use, where it is not the one on the PATH.
Exit codes: 0 nothing failed, 1 something did, 2 it could not be tried, 130 it was interrupted.
`

const say = (text: string) => void process.stdout.write(`${text}\n`)

const RANDOM = 'abcdefghijklmnopqrstuvwxyz0123456789'
const randomText = (length: number): string =>
  Array.from({ length }, () => RANDOM[randomInt(RANDOM.length)]).join('')

interface Flags {
  readonly only: readonly string[]
  readonly junit: string | undefined
}

async function conformance({ only, junit }: Flags): Promise<number> {
  const areas = chosen(allAreas, only)
  // Never by accident on whatever cluster somebody used last.
  if (!process.env['KUBECONFIG']) throw new NotThere('KUBECONFIG does not say which cluster')
  const cacheDir = mkdtempSync(join(tmpdir(), 'kradle-conformance-'))
  const kubectl = kubectlOf({ file: process.env['KUBECTL'] || 'kubectl', cacheDir })
  const interrupt = () => {
    if (kubectl.isStopped) process.exit(130)
    say('\ninterrupted: taking away what was made, which may take a minute; once more to leave it')
    kubectl.stop()
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  const begun = performance.now()
  try {
    const cluster = await lookAt(kubectl)
    const run = `kct-${randomText(6)}`
    say(`${cluster.version} as ${cluster.admin}; everything that is made is called ${run}-...`)
    const report = (result: Result) => say(lineOf(result))
    const { results, wasInterrupted, left } = await runAreas(areas, {
      kubectl,
      cluster,
      run,
      report,
    })
    const seconds = (performance.now() - begun) / 1000
    const rows = byRow(results, isWhole(only)).filter(({ row }) => rowsWanted(row.number, only))
    say(`\n${tableOf(rows, results)}\n\n${summaryOf(rows, seconds)}`)
    if (junit !== undefined) writeFileSync(junit, junitOf(results, rows, seconds))
    for (const error of left) say(`NOT TAKEN AWAY: ${error.message}`)
    if (left.length > 0) say(`what is still there is called ${run}-...`)
    if (wasInterrupted) return 130
    return left.length > 0 || results.some(({ outcome }) => outcome === 'failed') ? 1 : 0
  } catch (error) {
    if (error instanceof Interrupted) return 130
    throw error
  } finally {
    rmSync(cacheDir, { recursive: true, force: true })
  }
}

const lineOf = ({ scenario, outcome, seconds, why, failed }: Result): string =>
  outcome === 'skipped'
    ? `skipped: ${why}  ${scenario.name}`
    : `${outcome}  ${seconds.toFixed(1).padStart(5)} s  ${scenario.name}${failed ? `: ${failed.step}` : ''}`

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      junit: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    say(USAGE)
    return 0
  }
  if (values.list) {
    say(listed(chosen(allAreas, values.only)))
    return 0
  }
  return conformance({ only: values.only, junit: values.junit })
}

try {
  process.exitCode = await main()
} catch (error) {
  const { message, code } = error as Error & { code?: string }
  const isNoKubectl = code === 'ENOENT'
  const isUsage = code?.startsWith('ERR_PARSE_ARGS') === true
  if (!(error instanceof NotThere) && !isNoKubectl && !isUsage) throw error
  process.stderr.write(
    isNoKubectl
      ? `there is no kubectl: put it on the PATH, or name it in KUBECTL\n`
      : `${message}\n`,
  )
  process.exitCode = 2
}
