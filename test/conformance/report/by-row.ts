import { rows, type Row } from '../rows.ts'
import type { Result } from '../runner/run.ts'

/** What came of one row: of all scenarios that are about it. */
export interface RowResult {
  readonly row: Row
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'not built'
  /** Of its scenarios together. */
  readonly seconds: number
  readonly scenarios: number
  /** Why something was skipped, or which scenarios failed. */
  readonly remark: string
}

/** Rows without a scenario are there only where all scenarios ran. */
export function byRow(results: readonly Result[], isWhole: boolean): readonly RowResult[] {
  return rows.flatMap(row => {
    const own = results.filter(({ scenario }) => scenario.rows.includes(row.number))
    if (own.length > 0) return [rowResult(row, own)]
    const remark = row.notBuilt ?? ''
    return isWhole ? [{ row, outcome: 'not built', seconds: 0, scenarios: 0, remark }] : []
  })
}

function rowResult(row: Row, own: readonly Result[]): RowResult {
  const of = (outcome: Result['outcome']) => own.filter(result => result.outcome === outcome)
  const [failed, skipped] = [of('failed'), of('skipped')]
  const reasons = [...new Set(skipped.map(({ why }) => why))].join('; ')
  const isAllSkipped = skipped.length === own.length
  const some = isAllSkipped ? '' : `${skipped.length} of ${own.length} `
  const remarks = [
    failed.map(({ scenario }) => scenario.name).join(', '),
    skipped.length > 0 ? `${some}skipped: ${reasons}` : '',
  ]
  return {
    row,
    outcome: failed.length > 0 ? 'failed' : isAllSkipped ? 'skipped' : 'passed',
    seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
    scenarios: own.length,
    remark: remarks.filter(Boolean).join('; '),
  }
}
