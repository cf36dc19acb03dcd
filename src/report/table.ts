import { printable, textTable } from '#src/lib/text-table.ts'
import type { Line, Summary } from './line.ts'

/** For people: a line for each result, and below it what it says, whose policy it is, what to do, and who is exempt. */
export function tableReport(summary: Summary, lines: readonly Line[], cut: number): string {
  const rows = lines.map(line => {
    const { result, object, policy, rule, at } = line
    const cells = [
      result,
      `${object.kind}/${object.name}`,
      object.namespace,
      rule ? `${policy} ${rule}` : policy,
      at || '-',
    ]
    return { cells, below: remarksOf(line) }
  })
  const header = ['RESULT', 'OBJECT', 'NAMESPACE', 'POLICY', 'SINCE']
  const counts = Object.entries(summary).map(([result, count]) => `${count} ${result}`)
  return [
    ...textTable(header, rows),
    counts.join(', '),
    ...(cut > 0 ? [`${cut} of them are more than reports list`] : []),
    '',
  ]
    .map(printable)
    .join('\n')
}

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
