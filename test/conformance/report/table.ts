import { Failure } from '../runner/failure.ts'
import type { Result } from '../runner/run.ts'
import type { RowResult } from './by-row.ts'

/** The report as people read it: a line for each row, then what failed, in full. */
export function tableOf(rows: readonly RowResult[], results: readonly Result[]): string {
  const lines = [
    ['ROW', 'CAPABILITY', 'RESULT', 'SECONDS', 'REMARK'],
    ...rows.map(({ row, outcome, seconds, remark }) => [
      String(row.number),
      row.title,
      outcome,
      outcome === 'passed' || outcome === 'failed' ? seconds.toFixed(1) : '',
      remark,
    ]),
  ]
  const widths = [0, 1, 2, 3].map(column =>
    Math.max(...lines.map(line => (line[column] ?? '').length)),
  )
  const table = lines.map(line =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const failures = Map.groupBy(
    results.filter(({ outcome }) => outcome === 'failed'),
    ({ failed }) => failed!.error,
  )
  return [...table, ...[...failures.values()].flatMap(same => ['', sharedBy(same)])].join('\n')
}

/** What keeps a whole area from beginning is said once. */
function sharedBy([first, ...others]: readonly Result[]): string {
  const names = others.map(({ scenario }) => scenario.name).join(', ')
  return failureOf(first!) + (names && `\n  so failed, too: ${names}`)
}

/** One that failed: which step, what was done, expected and seen. */
export function failureOf({ scenario, failed }: Result): string {
  const { step, error } = failed!
  const head = `FAILED ${scenario.name}: ${scenario.title}\n  step: ${step}`
  if (!(error instanceof Failure))
    return `${head}\n  error: ${indented(error.stack ?? error.message)}`
  const { command, expected, seen } = error
  return [
    head,
    `  command: ${indented(command)}`,
    `  expected: ${indented(expected)}`,
    `  seen: ${indented(seen)}`,
  ].join('\n')
}

const indented = (text: string): string => text.replaceAll('\n', '\n    ')

/** The last line. */
export function summaryOf(rows: readonly RowResult[], seconds: number): string {
  const count = (outcome: RowResult['outcome']) =>
    `${rows.filter(row => row.outcome === outcome).length} ${outcome}`
  const counts = (['passed', 'failed', 'skipped', 'not built'] as const).map(count)
  return `${rows.length} rows: ${counts.join(', ')}; ${Math.round(seconds)} s`
}
