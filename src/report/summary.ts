import type { Report } from '#src/api/policy-reports.ts'
import type { Line, Result, Summary } from './line.ts'

/**
 * How many came out how: the lines, and what reports count without a line of it. The latter is what a summary has more than
 * its own results: what passes, of Kradle's, and what was too much to be listed.
 */
export function summaryOf(reports: readonly Report[], lines: readonly Line[]): Summary {
  const count = (wanted: Result) =>
    lines.filter(({ result }) => result === wanted).length +
    reports.reduce((sum, { summary, results = [] }) => {
      const listed = results.filter(({ result }) => result === wanted).length
      return sum + Math.max(0, (summary?.[wanted] ?? 0) - listed)
    }, 0)
  return {
    fail: count('fail'),
    error: count('error'),
    warn: count('warn'),
    skip: count('skip'),
    pass: count('pass'),
  }
}

const RANK: readonly Result[] = ['fail', 'error', 'warn', 'skip', 'pass']

/** Those that there is something to say about, the worst first. */
export const listed = (lines: readonly Line[]): readonly Line[] =>
  lines
    .filter(({ result, judged }) => result !== 'pass' || judged === 'not yet')
    .toSorted(
      (a, b) => RANK.indexOf(a.result) - RANK.indexOf(b.result) || compare(keyOf(a), keyOf(b)),
    )

const keyOf = ({ object, policy, rule }: Line): string =>
  [object.namespace, object.kind, object.name, policy, rule].join('\n')

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b)
