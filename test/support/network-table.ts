/** One row of the table in docs/network.md. */
export interface Flow {
  readonly from: string
  readonly to: string
  /** One, or `1-65535`. */
  readonly port: string
  readonly protocol: string
  readonly why: string
}

/** The flows that docs/network.md lists. */
export function flowsOf(page: string): readonly Flow[] {
  const [, table = ''] = /^\| From .*\n\|[ -|]*\n((?:\|.*\n)+)/m.exec(page) ?? []
  return table
    .trimEnd()
    .split('\n')
    .map(row => {
      const [from = '', to = '', port = '', protocol = '', why = ''] = row
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim().replaceAll('`', ''))
      return { from, to, port, protocol, why }
    })
}
