import t from 'tap'
import { estimate, mean, median, quantile } from '#hack/bench/statistics.ts'

t.test('a quantile lies between its neighbours', async t => {
  const cases = [
    { values: [3, 1, 2], q: 0.5, want: 2 },
    { values: [4, 1, 3, 2], q: 0.5, want: 2.5 },
    { values: [10, 20], q: 0.99, want: 19.9 },
    { values: [10, 20, 30], q: 0, want: 10 },
    { values: [10, 20, 30], q: 1, want: 30 },
    { values: [7], q: 0.99, want: 7 },
  ]
  for (const { values, q, want } of cases)
    t.ok(Math.abs(quantile(values, q) - want) < 1e-9, `${q} of ${values.join()} is ${want}`)
})

t.test('of nothing there is no quantile', async t => {
  t.ok(Number.isNaN(quantile([], 0.5)))
})

t.test('median and mean', async t => {
  t.equal(median([9, 1, 2]), 2)
  t.equal(mean([1, 2, 6]), 3)
})

t.test('an estimate is the statistic of everything, with an interval around it', async t => {
  const rounds = [
    [1, 2, 3, 4],
    [2, 3, 4, 5],
    [1, 3, 3, 6],
  ]
  const { value, low, high } = estimate(draw => median(draw(rounds)))
  t.equal(value, 3)
  t.ok(low < 3 && low >= 1)
  t.ok(high > 3 && high <= 6)
})

t.test('values that never vary leave no doubt', async t => {
  t.strictSame(
    estimate(draw => mean(draw([[5, 5], [5]]))),
    { value: 5, low: 5, high: 5 },
  )
})

t.test('rounds that disagree widen the interval more than values within one', async t => {
  const width = (rounds: number[][]) => {
    const { low, high } = estimate(draw => mean(draw(rounds)))
    return high - low
  }
  const alike = Array.from({ length: 4 }, () => Array.from({ length: 50 }, (_, i) => i % 2))
  const apart = [0, 1, 0, 1].map(value => Array.from({ length: 50 }, () => value))
  t.ok(width(apart) > 2 * width(alike))
})

t.test('a ratio of two series is drawn from both', async t => {
  const { value, low, high } = estimate(
    draw => median(draw([[2, 4, 6]])) / median(draw([[1, 2, 3]])),
    { samples: 200, seed: 7 },
  )
  t.equal(value, 2)
  t.ok(low < 2 && high > 2)
})
