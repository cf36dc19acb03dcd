import { Registry } from 'prom-client'
import t from 'tap'
import { scanMetrics } from '#src/scan/metrics.ts'

t.test('tells what was done and found', async t => {
  const registry = new Registry()
  const metrics = scanMetrics(registry, 300)
  metrics.available(true)
  metrics.failed()
  metrics.passed({
    objects: 10,
    unread: ['issues.activity.kradle.a5c.ai'],
    results: { pass: 90, fail: 2, warn: 1, error: 0 },
    reports: 3,
    cut: 4,
    written: ['create', 'none', 'update'],
    seconds: { judging: 1, writing: 2 },
  })
  const text = await registry.metrics()
  for (const line of [
    'kradle_scan_reports_available 1',
    'kradle_scan_passes_total{result="error"} 1',
    'kradle_scan_passes_total{result="success"} 1',
    'kradle_scan_objects_total 10',
    'kradle_scan_results{result="fail"} 2',
    'kradle_scan_report_writes_total{verb="create"} 1',
    'kradle_scan_report_writes_total{verb="update"} 1',
    'kradle_scan_pass_seconds{part="writing"} 2',
    'kradle_scan_results_cut 4',
    'kradle_scan_unread_kinds 1',
    'kradle_scan_reports 3',
    'kradle_scan_interval_seconds 300',
  ])
    t.match(text, `${line}\n`)
  t.notMatch(text, /verb="none"/)
})
