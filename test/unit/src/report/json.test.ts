import t from 'tap'
import { jsonReport } from '#src/report/json.ts'
import { line } from '#test/fixtures-report.ts'

t.test('is one document', async t => {
  const summary = { fail: 1, error: 0, warn: 0, skip: 0, pass: 9 }
  t.strictSame(JSON.parse(jsonReport(summary, [line()], 2)), { summary, cut: 2, results: [line()] })
})
