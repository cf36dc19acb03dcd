import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { APIService } from '#src/api/apiregistration/v1.ts'
import { resourceOf } from '#src/api/kind.ts'
import { readPromql } from '#test/support/promql.ts'
import { registeredMetrics } from '#test/support/registered-metrics.ts'

interface Alert {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: Readonly<Record<'summary' | 'description' | 'runbook_url', string>>
}

const read = (file: string): string => readFileSync(file, 'utf8')
const { groups } = parse(read('charts/kradle/files/alerts.yaml')) as {
  groups: { name: string; rules: Alert[] }[]
}
const alerts = groups.flatMap(({ rules }) => rules)
const runbooks = read('docs/runbooks.md')

const { panels } = JSON.parse(read('charts/kradle/files/dashboard.json')) as {
  panels: { id: number; title: string; targets?: { expr: string }[] }[]
}
const shown = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => [`dashboard: ${title}`, expr] as const),
)

/** What Prometheus adds to everything that it reads; `deployment` is the ServiceMonitor's. */
const TARGET = ['deployment', 'instance', 'job', 'namespace', 'pod']

t.test('every alert says what it means, with figures, and where to read on', async t => {
  t.equal(new Set(alerts.map(({ alert }) => alert)).size, alerts.length)
  t.ok(alerts.length > 25)
  for (const { alert, labels, annotations } of alerts) {
    t.match(alert, /^Kradle[A-Z]\w+$/)
    t.match(labels.severity, /^(critical|warning|info)$/, alert)
    t.match(annotations.summary, /^[A-Z].{10,120}\.$/, alert)
    t.match(annotations.description, /\d|\$value/, alert)
    t.equal(annotations.runbook_url, `docs/runbooks.md#${alert.toLowerCase()}`, alert)
  }
})

t.test('every alert has a runbook, and every runbook an alert', async t => {
  const sections = runbooks.match(/(?<=^## )Kradle\w+$/gm) ?? []
  t.strictSame(
    sections,
    alerts.map(({ alert }) => alert),
  )
  for (const [name, text] of sectionsOf(runbooks))
    for (const part of ['**Means**', '**Look**', '**Mend**', '**Do not**'])
      t.match(text, part, `${name}: ${part}`)
})

t.test('every expression asks for what there is', async t => {
  const metrics = registeredMetrics()
  const expressions = [...alerts.map(({ alert, expr }) => [alert, expr] as const), ...shown]
  t.ok(shown.length > 25)
  for (const [name, text] of expressions) {
    const expr = text.replaceAll('$__rate_interval', '5m')
    const { selected, grouped, unknown, isBalanced } = readPromql(expr)
    t.ok(isBalanced, name)
    t.strictSame(unknown, [], name)
    t.ok(selected.length > 0, name)
    const known = new Set(TARGET)
    for (const { metric, labels } of selected) {
      const own = metric === 'up' ? [] : metrics.get(metric)
      t.ok(own, `${name}: ${metric}`)
      for (const label of own ?? []) known.add(label)
      for (const label of labels) t.ok([...TARGET, ...(own ?? [])].includes(label), label)
    }
    for (const label of grouped) t.ok(known.has(label), `${name}: by ${label}`)
  }
})

t.test('every metric of an alert is told of in the documentation', async t => {
  const pages = ['operations', 'activity-api', 'policy'].map(page => read(`docs/${page}.md`)).join()
  for (const { alert, expr } of alerts)
    for (const { metric } of readPromql(expr).selected)
      if (metric.startsWith('kradle_'))
        t.ok(pages.includes(metric.replace(/_(bucket|count|sum)$/, '')), `${alert}: ${metric}`)
})

t.test('nobody is called down by a Prometheus that reads nobody', async t => {
  const critical = alerts.filter(
    ({ expr, labels }) => labels.severity === 'critical' && /\babsent\(|\bunless\b/.test(expr),
  )
  t.strictSame(
    critical.map(({ alert }) => alert),
    ['KradleWebhookDown', 'KradleNothingScraped', 'KradleApiserverDown'],
  )
  for (const { alert, expr } of critical)
    if (alert === 'KradleNothingScraped') t.equal(expr, 'absent(up{job="kradle-metrics"} == 1)')
    else t.match(expr, 'and group(up{job="kradle-metrics"} == 1)', alert)
})

t.test('what is asked of a cache is the name of a resource', async t => {
  const asked = alerts.flatMap(({ expr }) => [
    ...expr.matchAll(/kradle_cache_objects\{[^}]*\bresource="([^"]*)"/g),
  ])
  t.strictSame([...new Set(asked.map(([, resource]) => resource))], [resourceOf(APIService)])
})

t.test('the scrape configuration of the documentation keeps the port of metrics alone', async t => {
  const [, example = ''] =
    /```yaml\n(scrape_configs:\n[^]*?)```/.exec(read('docs/install.md')) ?? []
  const { scrape_configs: jobs } = parse(example) as {
    scrape_configs: { job_name: string; relabel_configs: Record<string, unknown>[] }[]
  }
  const [, port] = /name: kradle-metrics\n[^]*?\n {2}ports:\n {4}- name: (\S+)/.exec(
    read('charts/kradle/templates/services.yaml'),
  )!
  t.equal(jobs.length, 1)
  t.hasStrict(jobs[0], { job_name: 'kradle-metrics' })
  t.strictSame(
    jobs[0]!.relabel_configs.filter(({ action }) => action === 'keep'),
    [
      ['service_name', 'kradle-metrics'],
      ['endpoint_port_name', port],
    ].map(([label, regex]) => ({
      source_labels: [`__meta_kubernetes_${label}`],
      regex,
      action: 'keep',
    })),
  )
})

t.test('panels of the dashboard have ids of their own', async t => {
  t.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
})

t.test('a wrong expression is noticed', async t => {
  t.notOk(readPromql('sum(rate(kradle_ready[5m])').isBalanced)
  t.notOk(readPromql('kradle_ready{a="b"]}').isBalanced)
  t.strictSame(readPromql('ratee(kradle_ready[5m])').unknown, ['ratee'])
  t.strictSame(readPromql('up{job="x"} == 0').selected, [{ metric: 'up', labels: ['job'] }])
})

function sectionsOf(page: string): [name: string, text: string][] {
  return page
    .split(/^## /m)
    .slice(1)
    .map(text => [text.split('\n')[0]!, text] as [string, string])
    .filter(([name]) => name.startsWith('Kradle'))
}
