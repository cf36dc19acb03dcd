import process from 'node:process'
import { explain } from '#hack/local/problem.ts'
import { progressOn } from '#hack/local/progress.ts'
import { optionsFrom, steps } from './options.ts'
import { Findings, Report, Skipped } from './report.ts'
import { standFor, type Stand } from './stand.ts'
import { does } from './steps.ts'

/** Without these nothing after them means anything. */
const NEEDED = new Set(['cluster', 'audit', 'image', 'install'])

/** Exit code: whatever is wrong, it is not Kradle. */
const NO_CLUSTER = 3

const say = (text: string) => void process.stdout.write(`${text}\n`)

/** `npm run test:kind`: a cluster of containers, Kradle on it by the chart, and what can be seen there. */
async function run(stand: Stand): Promise<Report> {
  const report = new Report()
  for (const step of steps) {
    if (!stand.options.steps.has(step)) continue
    say(`== ${step}`)
    const since = Date.now()
    const add = (outcome: 'passed' | 'failed' | 'skipped', lines: readonly string[]) =>
      report.add(step, outcome, Date.now() - since, lines)
    try {
      add('passed', await does[step](stand))
    } catch (error) {
      if (error instanceof Skipped) add('skipped', [error.message])
      else if (error instanceof Findings) add('failed', error.lines)
      else add('failed', explain(error).split('\n'))
      if (report.failed && NEEDED.has(step)) break
    }
  }
  return report
}

try {
  const options = optionsFrom(process.argv.slice(2))
  process.exitCode = NO_CLUSTER
  const stand = await standFor(options, progressOn(process.stdout))
  const report = await run(stand)
  say(`\n${report.text()}`)
  process.exitCode = report.failed ? (report.has('cluster', 'failed') ? NO_CLUSTER : 1) : 0
  if (options.keep) say(`\nthe cluster stays: export KUBECONFIG=${stand.kubeconfig}`)
  else await stand.provider.delete(options.name)
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode ||= 1
}
