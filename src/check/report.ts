import { printable, textTable } from '#src/lib/text-table.ts'
import type { Verdict } from './verdict.ts'

/** How many manifests came out how. */
export interface Summary {
  readonly accepted: number
  readonly refused: number
  readonly skipped: number
}

export function summaryOf(verdicts: readonly Verdict[]): Summary {
  const count = (wanted: Verdict['result']) =>
    verdicts.filter(({ result }) => result === wanted).length
  return { accepted: count('accepted'), refused: count('refused'), skipped: count('skipped') }
}

/** For programs: one document with every verdict. */
export const jsonReport = (verdicts: readonly Verdict[]): string =>
  `${JSON.stringify({ summary: summaryOf(verdicts), results: verdicts }, undefined, 2)}\n`

/** For people: a line for each manifest, and one for everything there is to say about it. */
export function tableReport(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(verdict => ({
    cells: [
      verdict.result,
      `${verdict.kind || '?'}/${verdict.name || '?'}`,
      verdict.namespace || '-',
      `${verdict.file}:${verdict.line}`,
    ],
    below: remarksOf(verdict),
  }))
  const header = ['RESULT', 'OBJECT', 'NAMESPACE', 'FILE']
  const { accepted, refused, skipped } = summaryOf(verdicts)
  const assumed = [...new Set(verdicts.flatMap(({ assumes }) => assumes))]
  const unjudged = [...new Set(verdicts.flatMap(each => each.unjudged))]
  return [
    ...textTable(header, rows),
    `${accepted} accepted, ${refused} refused, ${skipped} skipped`,
    ...(assumed.length > 0 ? [`assuming that you may: ${assumed.join(', ')}`] : []),
    ...(unjudged.length > 0 ? [`not judged here: ${unjudged.join(', ')}`] : []),
    '',
  ]
    .map(printable)
    .join('\n')
}

const remarksOf = ({ causes, warnings, notes }: Verdict): readonly string[] => [
  ...causes.map(({ message }) => `  ${message}`),
  ...warnings.map(warning => `  warning: ${warning}`),
  ...notes.map(note => `  note: ${note}`),
]
