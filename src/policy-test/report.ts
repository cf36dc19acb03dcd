import { printable, textTable } from '#src/lib/text-table.ts'
import type { Outcome } from './outcome.ts'

/** How many objects came out how. */
export interface Summary {
  readonly objects: number
  readonly failed: number
  /** Those that only Kradle judged, only Kyverno, and nobody. */
  readonly kradleOnly: number
  readonly kyvernoOnly: number
  readonly unjudged: number
}

export function summaryOf(outcomes: readonly Outcome[]): Summary {
  const count = (matches: (outcome: Outcome) => boolean) => outcomes.filter(matches).length
  return {
    objects: outcomes.length,
    failed: count(({ problems }) => problems.length > 0),
    kradleOnly: count(({ kyverno, kradle }) => !kyverno && kradle !== undefined),
    kyvernoOnly: count(({ kyverno, kradle }) => kyverno !== undefined && !kradle),
    unjudged: count(isUnjudged),
  }
}

/** For programs: one document with every object. */
export const jsonReport = (outcomes: readonly Outcome[]): string =>
  `${JSON.stringify({ summary: summaryOf(outcomes), results: outcomes }, undefined, 2)}\n`

/** For people: a line for each object, or only for those that came out otherwise, and what is other than expected. */
export function tableReport(outcomes: readonly Outcome[], isQuiet = false): string {
  const told = outcomes.filter(({ problems }) => !isQuiet || problems.length > 0)
  const rows = told.map(outcome => ({
    cells: [
      resultOf(outcome),
      `${outcome.template}/${outcome.test}`,
      outcome.object,
      outcome.expected,
    ],
    below: outcome.problems.map(problem => `  ${problem}`),
  }))
  const header = ['RESULT', 'TEST', 'OBJECT', 'EXPECTED']
  return [...textTable(header, rows).map(printable), lastLine(summaryOf(outcomes)), ''].join('\n')
}

const isUnjudged = ({ kyverno, kradle }: Outcome): boolean => !kyverno && !kradle

function resultOf(outcome: Outcome): string {
  if (isUnjudged(outcome)) return 'unjudged'
  return outcome.problems.length > 0 ? 'failed' : 'ok'
}

function lastLine({ objects, failed, kradleOnly, kyvernoOnly, unjudged }: Summary): string {
  const notes = [
    `${objects - failed - unjudged} as expected, ${failed} failed`,
    ...(unjudged > 0 ? [`${unjudged} that only Kyverno can judge`] : []),
    ...(kradleOnly > 0 ? [`${kradleOnly} judged by Kradle alone`] : []),
    ...(kyvernoOnly > 0 ? [`${kyvernoOnly} judged by Kyverno alone`] : []),
  ]
  return notes.join('; ')
}
