import t from 'tap'
import { Findings, Report, Skipped } from '#hack/kind/report.ts'

t.test('a report says what was found where', async t => {
  const report = new Report()
  report.add('cluster', 'passed', 31_000, ['Kubernetes v1'])
  report.add('flows', 'skipped', 0)
  t.equal(report.failed, false)
  report.add('drills', 'failed', 61_000)
  t.equal(report.failed, true)
  t.ok(report.has('drills', 'failed'))
  t.notOk(report.has('cluster', 'failed'))
  t.notOk(report.has('rest', 'passed'))
  t.strictSame(report.text().split('\n'), [
    'ok      cluster (31 s)',
    '          Kubernetes v1',
    'skipped flows (0 s)',
    'FAILED  drills (1 min 1 s)',
  ])
})

t.test('findings keep their lines', async t => {
  t.strictSame(new Findings(['a', 'b']).lines, ['a', 'b'])
  t.equal(new Skipped('no docker').message, 'no docker')
})
