/** One table of `kubectl get`, its cells by the words over their columns. */
export interface PrintedTable {
  readonly columns: readonly string[]
  readonly rows: readonly Readonly<Record<string, string>>[]
}

/** Reads what `kubectl get` prints: tables with an empty line between them, columns at least three spaces apart. */
export function tablesIn(text: string): readonly PrintedTable[] {
  return text
    .trimEnd()
    .split('\n\n')
    .map(block => {
      const [header = '', ...lines] = block.split('\n')
      // A cell may be empty or have spaces in it: only where a column begins tells them apart.
      const starts = [...header.matchAll(/(?<=^| {3})\S/g)].map(({ index }) => index)
      const cut = (line: string) =>
        starts.map((start, column) => line.slice(start, starts[column + 1]).trim())
      const columns = cut(header)
      return {
        columns,
        rows: lines.map(line => {
          const cells = cut(line)
          return Object.fromEntries(columns.map((column, index) => [column, cells[index]!]))
        }),
      }
    })
}
