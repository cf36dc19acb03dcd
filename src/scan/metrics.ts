import { Counter, Gauge, type Registry } from 'prom-client'
import type { Passed } from './pass.ts'

export interface ScanMetrics {
  /** Whether reports are served by the API server. */
  available(isAvailable: boolean): void
  passed(of: Passed): void
  /** A pass that came to nothing. */
  failed(): void
}

/** What the scanner did, and what it found at the last pass; `intervalSeconds` is how often it means to. */
export function scanMetrics(registry: Registry, intervalSeconds: number): ScanMetrics {
  const registers = [registry]
  const gauge = <const L extends string = never>(
    name: string,
    help: string,
    labelNames: L[] = [],
  ) => new Gauge({ name: `kradle_scan_${name}`, help, labelNames, registers })
  const counter = <const L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `kradle_scan_${name}`, help, labelNames, registers })

  const available = gauge(
    'reports_available',
    'Whether the API server has the kind that reports are written as; nothing is looked at without.',
  )
  const passes = counter('passes_total', 'Passes by how they ended.', ['result'])
  const objects = counter('objects_total', 'Objects that were judged.', [])
  const writes = counter(
    'report_writes_total',
    'Writes of reports, and namespaces whose reports could not be written; one that says so already is not written.',
    ['verb'],
  )
  const results = gauge('results', 'Results of the last pass, one for each object and rule.', [
    'result',
  ])
  const seconds = gauge('pass_seconds', 'How long the last pass took.', ['part'])
  const last = gauge('last_pass_timestamp_seconds', 'When the last pass ended.')
  const cut = gauge('results_cut', 'Results of the last pass that are only counted.')
  const unread = gauge('unread_kinds', 'Kinds that could not be read at the last pass.')
  const reports = gauge('reports', 'Reports there are.')
  gauge('interval_seconds', 'From the end of a pass to the beginning of the next.').set(
    intervalSeconds,
  )
  return {
    available: isAvailable => available.set(Number(isAvailable)),
    failed: () => passes.inc({ result: 'error' }),
    passed(of) {
      passes.inc({ result: 'success' })
      objects.inc(of.objects)
      for (const verb of of.written) if (verb !== 'none') writes.inc({ verb })
      for (const [result, count] of Object.entries(of.results)) results.set({ result }, count)
      for (const [part, took] of Object.entries(of.seconds)) seconds.set({ part }, took)
      last.set(Date.now() / 1000)
      cut.set(of.cut)
      unread.set(of.unread.length)
      reports.set(of.reports)
    },
  }
}
