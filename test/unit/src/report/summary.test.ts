import t from 'tap'
import { listed, summaryOf } from '#src/report/summary.ts'
import { found, kyvernoReport, line } from '#test/fixtures-report.ts'

t.test('counts the lines as they are now, and what reports only count', async t => {
  const counted = { ...kyvernoReport(found()), summary: { pass: 40, fail: 3 } }
  const { results: _, summary: __, ...bare } = kyvernoReport()
  t.strictSame(
    summaryOf([counted, kyvernoReport(found()), bare], [line(), line({ result: 'pass' })]),
    {
      fail: 3,
      error: 0,
      warn: 0,
      skip: 0,
      pass: 41,
    },
  )
})

t.test('lists what there is something to say about, the worst first', async t => {
  const exception = { name: 'x', until: '', approvedBy: '', holds: true }
  const object = { ...line().object, name: 'a' }
  const lines = [
    line({ result: 'warn' }),
    line({ result: 'pass' }),
    line({ result: 'pass', exception, judged: 'not yet' }),
    line({ result: 'pass', exception, judged: 'anew' }),
    line(),
    line({ object }),
    line(),
    line({ result: 'error' }),
  ]
  t.strictSame(
    listed(lines).map(({ result, object: { name } }) => `${result} ${name}`),
    ['fail a', 'fail short', 'fail short', 'error short', 'warn short', 'pass short'],
  )
})
