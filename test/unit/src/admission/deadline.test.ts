import t from 'tap'
import { deadlineMs } from '#src/admission/deadline.ts'

const cases: Record<string, number> = {
  '5s': 4_800,
  '500ms': 300,
  '1.5s': 1_300,
  '1m': 29_800,
  '1m30s': 29_800,
  '2h': 29_800,
  '0s': 1,
  '100ms': 1,
}
for (const [timeout, want] of Object.entries(cases))
  t.test(`keeps a margin of what ${timeout} leaves, between 1 ms and 30 s`, async t => {
    t.equal(deadlineMs(timeout), want)
  })

t.test('takes the default of the API server for what is no duration', async t => {
  for (const given of [undefined, '', '5', '-5s', 's', '5s ', '1e3s', 'NaN', ['5s', '1s'], 5])
    t.equal(deadlineMs(given), 9_800)
})

t.test('gives whole milliseconds, since a timer takes no other', async t => {
  t.equal(deadlineMs('1.2345s'), 1_034)
  t.doesNotThrow(() => AbortSignal.timeout(deadlineMs('1.2345s')))
  t.equal(deadlineMs(`${'9'.repeat(400)}s`), 29_800)
})
