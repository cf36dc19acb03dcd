import type { Line, Summary } from './line.ts'

/** For people: a line for each result, and below it what it says, whose policy it is, what to do, and who is exempt. */
export function tableReport(summary: Summary, lines: readonly Line[], cut: number): string {
  const rows = lines.map(({ result, object, policy, rule, at }) => [
    result,
    `${object.kind}/${object.name}`,
    object.namespace,
    rule ? `${policy} ${rule}` : policy,
    at || '-',
  ])
  const header = ['RESULT', 'OBJECT', 'NAMESPACE', 'POLICY', 'SINCE']
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map(row => row[column]!.length)),
  )
  const lineOf = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('   ')
      .trimEnd()
  const counts = Object.entries(summary).map(([result, count]) => `${count} ${result}`)
  return [
    ...(rows.length > 0 ? [lineOf(header)] : []),
    ...lines.flatMap((line, index) => [lineOf(rows[index]!), ...remarksOf(line)]),
    counts.join(', '),
    ...(cut > 0 ? [`${cut} of them are more than reports list`] : []),
    '',
  ]
    .map(printable)
    .join('\n')
}

/** What an object is called must not move the cursor of whoever reads about it, break lines, or turn text around. */
const printable = (line: string): string => line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}')

function remarksOf({ message, binding, exception, judged }: Line): readonly string[] {
  return [
    ...message.split('\n').filter(text => text !== ''),
    ...(binding
      ? [
          `PolicyBinding "${binding.name}" (${binding.mode})${binding.template ? ` of template ${binding.template}` : ''}`,
          // Messages of enforced policies end in it.
          ...(binding.remediation && !message.includes(binding.remediation)
            ? [binding.remediation]
            : []),
        ]
      : []),
    ...(exception
      ? [
          `exception "${exception.name}" ${exception.holds ? 'until' : 'ended at'} ${exception.until}, approved by "${exception.approvedBy}"`,
        ]
      : []),
    ...(judged === 'not yet'
      ? ['found before the exception began or ended; the next scan says what holds now']
      : []),
  ].map(text => `  ${text}`)
}
