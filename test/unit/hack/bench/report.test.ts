import t from 'tap'
import { aimsTable, grantReport, report, stageTable } from '#hack/bench/report.ts'
import type { SetupName, Shape } from '#hack/bench/setups/setup.ts'
import type { Stage } from '#hack/bench/targets.ts'

const series = (setup: SetupName, shape: Shape, added: number) => ({
  setup,
  title: `the ${setup}`,
  shape,
  visits: [
    {
      judged: [2 + added, 2 + added],
      reference: [2, 2],
      storedDifferences: [added],
      throughput: { perSecond: 500, apiserverMs: 1.5, engineMs: added },
      referenceThroughput: { perSecond: 1000, apiserverMs: 1, engineMs: 0 },
      cpuDifferences: [0.5 + added],
    },
  ],
})

const stage = (organizations: number): Stage => ({
  noun: 'Team',
  organizations,
  series: [
    series('kradle', 'complete', 1.1),
    series('kradle', 'defaults', 1.1),
    series('empty', 'complete', 1),
    series('kyverno', 'complete', 2),
    series('kyverno-two', 'defaults', 4),
  ],
})

t.test('a row tells what a setup costs, alone and on top', async t => {
  const [title, , row] = stageTable(stage(1)).split('\n')
  t.match(title, /^1 organisation, 1 rounds; /)
  t.strictSame(row?.split(/ {2,}/), [
    'the kradle',
    'complete',
    '3.10',
    '3.10',
    '+1.10 [+1.10, +1.10]',
    '+1.10',
    '+1.10 [+1.10, +1.10]',
    '500',
    '50 %',
    '1.10',
    '1.50 (+0.50)',
    '+1.60 [+1.60, +1.60]',
  ])
})

t.test('a negative difference keeps its sign', async t => {
  const cheaper = { noun: 'Team', organizations: 1, series: [series('none', 'complete', -0.25)] }
  t.match(stageTable(cheaper), /-0\.25 \[-0\.25, -0\.25\]/)
})

t.test('an aim is told with its limit, its goal and how sure the run is', async t => {
  const ratio = { value: 0.85, low: 0.8, high: 0.95 }
  const aim = { aim: 'one : other', cost: 'latency', ratio, limit: 0.9, goal: 0.7 } as const
  const text = aimsTable([aim, { ...aim, cost: 'cpu', limit: 0.8, goal: undefined }])
  t.match(
    text,
    /PASS {2}one : other {2}added p50 {2}0\.85 \[0\.80, 0\.95\] {2}at most 0\.9, goal 0\.7 {2}too close/,
  )
  t.match(text, /MISS {2}one : other {2}added CPU {2}0\.85 \[0\.80, 0\.95\] {2}at most 0\.8/)
})

t.test('the report holds both tables and the aims', async t => {
  const text = report(stage(1), stage(1_000))
  t.match(text, /^1 organisation, /)
  t.match(text, /\n1,000 organisations, /)
  t.match(text, /\naims, /)
})

t.test('of grants there is one stage, and figures that are compared with nothing', async t => {
  const two = (setup: SetupName, added: number) => series(setup, 'two keys', added)
  const grants = {
    noun: 'Pod',
    organizations: 1_000,
    grants: 100_000,
    series: [two('kradle', 1.2), two('empty', 1), two('kyverno', 2)],
  }
  const figure = { what: 'memory', value: 250, text: '250 MiB', limit: 300, limitText: '300 MiB' }
  const text = grantReport(grants, [figure, { ...figure, value: 310, text: '310 MiB' }])
  t.match(text, /^1,000 organisations and 100,000 grants, 1 rounds; /)
  t.match(text, /\nsetup +Pod +p50/)
  t.match(text, /PASS {2}two keys, Kradle : Kyverno [^\n]* 0\.60 /)
  t.match(text, /\nother aims\nPASS {2}memory {2}250 MiB {2}at most 300 MiB\nMISS {2}memory/)
})
