import t from 'tap'
import type { SetupName, Shape } from '#hack/bench/setups/setup.ts'
import {
  count,
  grantStandings,
  isClose,
  standings,
  verdict,
  webhookFigures,
  type Stage,
} from '#hack/bench/targets.ts'

/** A setup that adds the same to every create. */
const series = (setup: SetupName, shape: Shape, added: number) => ({
  setup,
  title: setup,
  shape,
  visits: [
    {
      judged: [2 + added, 2 + added],
      reference: [2, 2],
      storedDifferences: [added],
      throughput: { perSecond: 1, apiserverMs: 1, engineMs: added },
      referenceThroughput: { perSecond: 1, apiserverMs: 1, engineMs: 0 },
      cpuDifferences: [added],
    },
  ],
})

const stage = (organizations: number, kradle: number): Stage => ({
  noun: 'Team',
  organizations,
  series: [
    series('kradle', 'complete', kradle),
    series('kradle', 'defaults', kradle),
    series('empty', 'complete', 1),
    series('kyverno', 'complete', 2),
    series('kyverno-two', 'defaults', 4),
  ],
})

const verdicts = (few: Stage, many: Stage) => standings(few, many).map(verdict)

t.test('every aim is met by an engine that adds as little as an empty webhook', async t => {
  t.ok(verdicts(stage(1, 1), stage(1_000, 1)).every(said => said === 'PASS'))
})

t.test('every comparison is missed by one that adds more than all of them', async t => {
  const said = standings(stage(1, 5), stage(1_000, 10))
  t.ok(said.every(standing => verdict(standing) === 'MISS'))
})

t.test('one that grows with organisations misses only where they are many', async t => {
  const said = standings(stage(1, 1), stage(1_000, 1.15))
  t.strictSame(
    said.filter(standing => verdict(standing) === 'MISS').map(({ aim, cost }) => `${aim} ${cost}`),
    ['complete', 'defaults'].flatMap(shape =>
      ['latency', 'cpu'].map(
        cost => `${shape}, Kradle at 1,000 organisations : at 1 organisation ${cost}`,
      ),
    ),
  )
})

t.test('a limit within the interval is too close to call', async t => {
  const standing = (low: number, high: number) => ({
    aim: '',
    cost: 'cpu' as const,
    ratio: { value: 1, low, high },
    limit: 1.2,
    goal: undefined,
  })
  t.equal(isClose(standing(0.9, 1.3)), true)
  t.equal(isClose(standing(0.9, 1.1)), false)
  t.equal(isClose(standing(1.3, 1.4)), false)
})

t.test('numbers of organisations are written for people', async t => {
  t.equal(count(stage(1, 1)), '1 organisation')
  t.equal(count(stage(1_000, 1)), '1,000 organisations')
  const many = { ...stage(1_000, 1), grants: 100_000 }
  t.equal(count(many), '1,000 organisations and 100,000 grants')
})

t.test('an aim without its measurement is a bug and no verdict', async t => {
  t.throws(
    () => standings(stage(1, 1), { noun: 'Team', organizations: 2, series: [] }),
    /was not measured/,
  )
})

t.test(
  'with grants, Kradle may add little more than the empty webhook, and less than Kyverno',
  async t => {
    const verdictsOf = (kradle: number, kyverno: number) =>
      grantStandings({
        noun: 'Pod',
        organizations: 2,
        series: [
          series('kradle', 'two keys', kradle),
          series('empty', 'two keys', 1),
          series('kyverno', 'two keys', kyverno),
        ],
      }).map(standing => `${standing.cost} ${verdict(standing)}`)
    t.strictSame(verdictsOf(1.25, 2), ['latency PASS', 'cpu PASS', 'latency PASS', 'cpu PASS'])
    t.strictSame(verdictsOf(1.35, 2), ['latency PASS', 'cpu PASS', 'latency MISS', 'cpu MISS'])
    t.strictSame(verdictsOf(1.25, 1.3), ['latency MISS', 'cpu MISS', 'latency PASS', 'cpu PASS'])
  },
)

t.test('the webhook is to stay small and to ask nobody', async t => {
  const started = { resident: 200, peak: 260 }
  const figures = (resident: number, calls: number) =>
    webhookFigures({ started, memory: { resident, peak: 310 }, calls }).map(verdict)
  t.strictSame(figures(299, 0), ['PASS', 'PASS'])
  t.strictSame(figures(301, 0.01), ['MISS', 'MISS'])
  t.strictSame(figures(299, Number.NaN), ['PASS', 'MISS'], 'what was not seen is not met')
  t.match(webhookFigures({ started, memory: started, calls: 0 })[0], {
    text: '200 MiB (200 MiB after its start, 260 MiB at most)',
  })
})
