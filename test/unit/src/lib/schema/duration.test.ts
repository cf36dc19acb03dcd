import t from 'tap'
import { durationOf, isGoDuration } from '#src/lib/schema/duration.ts'

t.test('reads durations of Go', async t => {
  const durations: [string, number | undefined][] = [
    ['0', 0],
    ['1h30m', 5.4e12],
    ['-1.5s', -1.5e9],
    ['+.5ms', 5e5],
    ['1us2µs3μs4ns', 6004],
  ]
  for (const [text, nanoseconds] of durations) t.equal(durationOf(text), nanoseconds, text)
})

t.test('reads what people write', async t => {
  t.equal(durationOf('2 days'), 1.728e14)
  t.equal(durationOf('1 week and 3 Hours'), 6.048e14 + 1.08e13)
  t.equal(durationOf('5 micros 1 milli 1 nano 1 hr 1 wk 1 d 1 second 1 minute'.slice(0, 8)), 5000)
})

t.test('and nothing else', async t => {
  for (const text of ['', '5', 'm', '3 parsecs', 's5']) t.equal(durationOf(text), undefined, text)
})

t.test('knows those of Go from the others', async t => {
  t.ok(isGoDuration('1h30m'))
  t.notOk(isGoDuration('2 days'))
})
