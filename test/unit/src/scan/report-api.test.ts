import t from 'tap'
import { reportApiOf, reportLabels, reportName } from '#src/scan/report-api.ts'

t.test('a flag is one of the two groups', async t => {
  t.equal(reportApiOf('wgpolicyk8s.io'), 'wgpolicyk8s.io')
  t.equal(reportApiOf('openreports.io'), 'openreports.io')
  t.throws(() => reportApiOf('toString'), {
    code: 'InvalidFlag',
    message: '--report-api toString: must be one of wgpolicyk8s.io, openreports.io',
  })
})

t.test('a report says whose it is', async t => {
  t.equal(reportName(3), 'kradle-3')
  t.match(reportLabels('kradle-org-acme'), { 'kradle.a5c.ai/org': 'acme' })
  t.notHas(reportLabels('default'), 'kradle.a5c.ai/org')
})
