import t from 'tap'
import { added, addedEstimate, ratio, summary, type Series } from '#hack/bench/results.ts'

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
    referenceP50: 2,
    referenceP99: 2,
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
