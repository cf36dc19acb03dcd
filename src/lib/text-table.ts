/** A row of a table for people, and the lines below it. */
export interface Row {
  readonly cells: readonly string[]
  readonly below?: readonly string[]
}

/** The lines of a table with aligned columns; none where there are no rows. */
export function textTable(header: readonly string[], rows: readonly Row[]): readonly string[] {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map(({ cells }) => cells[column]!.length)),
  )
  const lineOf = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('   ')
      .trimEnd()
  return [
    ...(rows.length > 0 ? [lineOf(header)] : []),
    ...rows.flatMap(({ cells, below = [] }) => [lineOf(cells), ...below]),
  ]
}

/** What objects and files say must not move the cursor of whoever reads about it, break lines, or turn text around. */
export const printable = (line: string): string =>
  line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}')
