/**
 * The few lines of a log that say why a process ended.
 *
 * A Go program that panics ends with its stack, so the last lines are the least
 * telling; the reason stands above them, as a panic, a fatal entry or a flag error.
 */
export function tellingLines(log: string, count: number): string {
  const lines = log.split('\n')
  const telling = lines.filter(line =>
    /^panic:|^Error:|^F\d{4} |"level":"(fatal|panic)"|"level":(50|60)\b/.test(line),
  )
  return (telling.length > 0 ? telling : lines).slice(-count).join('\n')
}
