import t from 'tap'
import { humanDuration } from '#src/apiserver/encode/human-duration.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY

const cases: readonly (readonly [ms: number, want: string])[] = [
  [-2 * SECOND, '<invalid>'],
  [-1.5 * SECOND, '0s'],
  [-1, '0s'],
  [0, '0s'],
  [119.9 * SECOND, '119s'],
  [2 * MINUTE, '2m'],
  [2 * MINUTE + SECOND, '2m1s'],
  [10 * MINUTE + 30 * SECOND, '10m'],
  [179 * MINUTE, '179m'],
  [3 * HOUR, '3h'],
  [3 * HOUR + MINUTE, '3h1m'],
  [47 * HOUR + 59 * MINUTE, '47h'],
  [2 * DAY, '2d'],
  [7 * DAY + 23 * HOUR, '7d23h'],
  [8 * DAY + 5 * HOUR, '8d'],
  [729 * DAY, '729d'],
  [2 * YEAR, '2y'],
  [6 * YEAR + 293 * DAY, '6y293d'],
  [8 * YEAR + 3 * DAY, '8y'],
  [5000 * YEAR, '292y'],
]

t.test('shows two or three significant figures', async t => {
  for (const [ms, want] of cases) t.equal(humanDuration(ms), want, `${ms} ms`)
})
