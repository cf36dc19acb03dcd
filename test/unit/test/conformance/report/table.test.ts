import t from 'tap'
import { byRow } from '#test/conformance/report/by-row.ts'
import { summaryOf, tableOf } from '#test/conformance/report/table.ts'
import { results } from '#test/fixtures-conformance.ts'

t.test('a line for each row, and what failed in full', async t => {
  const rows = byRow(results, false)
  const lines = tableOf(rows, results).split('\n')
  t.strictSame(lines.slice(0, 4), [
    'ROW  CAPABILITY              RESULT   SECONDS  REMARK',
    '8    Org bootstrap           failed   0.0      tenancy/odd',
    '9    Org scoping             failed   3.5      tenancy/more; 1 of 3 skipped: Kyverno does not run',
    '23   Templates and bindings  skipped           skipped: Kyverno does not run',
  ])
  t.strictSame(lines.slice(4, 11), [
    '',
    'FAILED tenancy/more: Of tenancy/more',
    '  step: a "second" <one> & more',
    '  command: kubectl get x',
    '  expected: accepted',
    '  seen: exit code 1',
    '    <html>&',
  ])
  t.match(lines.at(13), '  step: something')
  t.match(lines.at(14), '  error: Error: it is odd')
  t.equal(summaryOf(rows, 61.6), '3 rows: 0 passed, 2 failed, 1 skipped, 0 not built; 62 s')
})

t.test('an error without a stack has its message', async t => {
  const [, , odd] = results
  delete odd!.failed!.error.stack
  t.match(tableOf([], [odd!]), '  error: it is odd')
})

t.test('what many failed of is said once', async t => {
  const [, failed] = results
  const same = { ...failed!, scenario: { ...failed!.scenario, name: 'tenancy/same' } }
  const text = tableOf([], [failed!, same])
  t.equal(text.match(/^FAILED /gm)?.length, 1)
  t.match(text, /^ {2}so failed, too: tenancy\/same$/m)
})
