import t from 'tap'
import { instant } from '#src/apiserver/encode/instant.ts'

t.test('reads what Go reads', async t => {
  const cases = {
    '2020-02-03T04:05:06Z': '2020-02-03T04:05:06.000Z',
    '2020-02-03T04:05:06.25Z': '2020-02-03T04:05:06.250Z',
    '2020-02-03T04:05:06,123456Z': '2020-02-03T04:05:06.123Z',
    '2020-02-03T4:05:06Z': '2020-02-03T04:05:06.000Z',
    '2020-02-03T04:05:06+02:30': '2020-02-03T01:35:06.000Z',
    '2020-02-03T04:05:06-02:30': '2020-02-03T06:35:06.000Z',
    '2020-02-29T00:00:00Z': '2020-02-29T00:00:00.000Z',
    '0001-01-02T00:00:00Z': '0001-01-02T00:00:00.000Z',
  }
  for (const [text, want] of Object.entries(cases)) {
    const time = instant(text)
    t.equal(typeof time === 'number' && new Date(time).toISOString(), want, text)
  }
})

t.test('knows what stands for no time', async t => {
  for (const text of ['', 'null', '0001-01-01T00:00:00Z', '0001-01-01T01:00:00+01:00'])
    t.equal(instant(text), 'none', text)
})

t.test('refuses everything else', async t => {
  for (const text of [
    'soon',
    '2020-02-03',
    '2020-02-03 04:05:06',
    '2020-02-03t04:05:06z',
    '2020-02-30T00:00:00Z',
    '2020-13-01T00:00:00Z',
    '2020-01-01T24:00:00Z',
    '2020-01-01T00:60:00Z',
    '2020-01-01T00:00:60Z',
    '2020-01-01T00:00:00+25:00',
    '2020-01-01T00:00:00+00:60',
  ])
    t.equal(instant(text), undefined, text)
})
