import t from 'tap'
import { seeded, shuffled } from '#hack/bench/random.ts'

t.test('the same seed gives the same numbers, another seed others', async t => {
  const numbers = (seed: number) => Array.from({ length: 5 }, seeded(seed))
  t.strictSame(numbers(1), numbers(1))
  t.notSame(numbers(1), numbers(2))
})

t.test('numbers are spread over [0, 1)', async t => {
  const numbers = Array.from({ length: 10_000 }, seeded(3))
  t.ok(numbers.every(number => number >= 0 && number < 1))
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length
  t.ok(Math.abs(mean - 0.5) < 0.02)
})

t.test('shuffling loses nothing, leaves its argument alone and comes to every order', async t => {
  const items = Object.freeze(['a', 'b', 'c'])
  const random = seeded(5)
  const orders = new Set(Array.from({ length: 200 }, () => shuffled(items, random).join('')))
  t.strictSame([...orders].toSorted(), ['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
  t.strictSame(shuffled([], random), [])
})
