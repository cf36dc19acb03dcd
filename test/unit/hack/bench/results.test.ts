import t from 'tap'
import {
  added,
  addedEstimate,
  lessUnjudged,
  ratio,
  summary,
  type Series,
} from '#hack/bench/results.ts'

const visit = (judged: number[], reference: number[], engineMs = 1) => ({
  judged,
  reference,
  storedDifferences: judged.map(time => time / 2),
  throughput: { perSecond: 400, apiserverMs: 3, engineMs },
  referenceThroughput: { perSecond: 800, apiserverMs: 2, engineMs: 0 },
  cpuDifferences: [1 + engineMs],
})

const series = (...visits: Series['visits']): Series => ({
  setup: 'kradle',
  title: 'Kradle',
  shape: 'complete',
  visits,
})

const all = (rounds: readonly (readonly number[])[]) => rounds.flat()

t.test('what is added is the median of differences between neighbours', async t => {
  const one = series(visit([5, 105, 7], [3, 103, 4]), visit([9], [8]))
  t.equal(added(one, 'latency', all), 2)
  t.equal(added(one, 'stored', all), 4)
})

t.test('added CPU is that of the engine and what the API server spends on top', async t => {
  t.equal(added(series(visit([2], [1]), visit([2], [1], 2)), 'cpu', all), 2.5)
})

t.test('an estimate comes with its interval', async t => {
  const { value, low, high } = addedEstimate(series(visit([3, 4, 9], [1, 1, 1])), 'latency')
  t.equal(value, 3)
  t.ok(low <= 3 && high >= 3)
})

t.test('a ratio compares what two setups add', async t => {
  const [cheap, dear] = [series(visit([2, 2], [1, 1])), series(visit([5, 5], [1, 1]))]
  t.match(ratio(cheap, dear, 'latency'), { value: 0.25 })
})

t.test('a machine that was slower for one of them changes nothing', async t => {
  const slow = { ...visit([30, 30], [20, 20]), cpuDifferences: [20] }
  const slower = { ...slow, referenceThroughput: { perSecond: 80, apiserverMs: 20, engineMs: 0 } }
  const fast = series(visit([3, 3], [2, 2]))
  t.match(ratio(series(slower), fast, 'latency'), { value: 1 })
  t.match(ratio(series(slower), fast, 'cpu'), { value: 1 })
})

t.test('the summary averages over visits', async t => {
  t.strictSame(summary(series(visit([4, 4], [2, 2]), visit([4, 4], [2, 2]))), {
    p50: 4,
    p99: 4,
    addedP99: 2,
    perSecond: 400,
    throughputShare: 0.5,
    apiserverMs: 3,
    addedApiserverMs: 1,
    engineMs: 1,
  })
})

t.test('a pair without its neighbour counts for nothing', async t => {
  t.ok(Number.isNaN(added(series(visit([4], [])), 'latency', all)))
})

t.test('what differs where nobody judges is taken off everywhere', async t => {
  const none = { ...series(visit([5, 5], [3, 3], 0)), setup: 'none' as const }
  const judged = series(visit([9, 9], [3, 3], 2))
  const [base, one] = lessUnjudged([none, judged])
  t.equal(added(base!, 'latency', all), 0)
  t.equal(added(one!, 'latency', all), 4)
  t.equal(added(one!, 'cpu', all), 2)
  t.match(summary(base!), { addedP99: 0, throughputShare: 1, addedApiserverMs: 0, engineMs: 0 })
  t.match(summary(one!), { p99: 9, addedP99: 4, throughputShare: 1, addedApiserverMs: 0 })
})

t.test('it is taken off as a share, so that it may be measured at another time', async t => {
  const none = { ...series(visit([6, 6], [4, 4], 0)), setup: 'none' as const }
  const slower = series(visit([50, 50], [20, 20], 2))
  const [, one, other] = lessUnjudged([none, slower, series(visit([5, 5], [2, 2]))])
  t.match(ratio(one!, other!, 'latency'), { value: 1 })
})

t.test('without what nobody judges there is nothing to take off', async t => {
  t.throws(() => lessUnjudged([series(visit([1], [1]))]), /was not measured/)
})
