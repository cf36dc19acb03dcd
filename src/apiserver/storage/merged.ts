import type { Row } from './sessions.ts'

/** Rows of two lists that are in the order of their keys, in that order; one that is in both is the same in both. */
export function merged(a: readonly Row[], b: readonly Row[]): readonly Row[] {
  if (b.length === 0) return a
  const rows: Row[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const order = compareKeys(a[i], b[j])
    rows.push(order <= 0 ? a[i]! : b[j]!)
    if (order <= 0) i += 1
    if (order >= 0) j += 1
  }
  return rows
}

/** Names are ASCII, where units and bytes have one order. What is not there comes last. */
function compareKeys(a: Row | undefined, b: Row | undefined): number {
  if (!a || !b) return a ? -1 : 1
  return compare(a[0]!, b[0]!) || compare(a[1]!, b[1]!)
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))
