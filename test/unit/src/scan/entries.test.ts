import t from 'tap'
import { Team, User } from '#src/api/identity/v1alpha1.ts'
import type { PolicyReport, PolicyReportResult } from '#src/api/policy-reports.ts'
import { entriesOf } from '#src/scan/entries.ts'

const object = { apiVersion: 'kradle.a5c.ai/v1alpha1', kind: 'Team', name: 'core', uid: '1' }
const report = (...results: PolicyReportResult[]): PolicyReport => ({
  apiVersion: 'wgpolicyk8s.io/v1alpha2',
  kind: 'PolicyReport',
  metadata: { name: 'kradle-0' },
  results,
})

t.test('gives back what was said of kinds that cannot be read now', async t => {
  const reports = [
    report(
      {
        policy: 'a/b',
        rule: 'R1',
        result: 'fail',
        message: 'no',
        resources: [object],
        properties: { field: 'spec' },
      },
      { policy: 'a/c', result: 'warn', resources: [object] },
      { policy: 'a/d', result: 'pass', resources: [object] },
      { policy: 'a/e', result: 'error', resources: [{ ...object, kind: 'User' }] },
      { policy: 'a/f', result: 'error' },
    ),
    { ...report(), results: undefined } as unknown as PolicyReport,
  ]
  t.strictSame(entriesOf(reports, [Team]), [
    { policy: 'a/b', rule: 'R1', result: 'fail', message: 'no', field: 'spec', object },
    { policy: 'a/c', rule: '', result: 'warn', message: '', field: '', object },
  ])
  t.equal(entriesOf(reports, [User]).length, 1)
  t.strictSame(entriesOf(reports, []), [])
})
