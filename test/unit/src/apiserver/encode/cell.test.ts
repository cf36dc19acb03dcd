import t from 'tap'
import { cellOf } from '#src/apiserver/encode/cell.ts'

const NOW = Date.parse('2020-02-03T04:06:06Z')

t.test('shows what fits the type of the column, and null for what does not', async t => {
  const cases: readonly (readonly [type: string, value: unknown, want: unknown])[] = [
    ['string', 'a', 'a'],
    ['string', null, '<no value>'],
    ['string', [1], '[1]'],
    ['integer', 3, 3],
    ['integer', -2.9, -2],
    ['integer', -0.5, 0],
    ['integer', 1e21, -(2 ** 63)],
    ['integer', '3', null],
    ['number', 2.5, 2.5],
    ['number', true, null],
    ['boolean', false, false],
    ['boolean', 0, null],
    ['date', '2020-02-03T04:05:06Z', '60s'],
    ['date', 'soon', '<invalid>'],
    ['date', '', '<unknown>'],
    ['date', 5, null],
    ['date', null, null],
    ['colour', 'red', null],
  ]
  for (const [type, value, want] of cases)
    t.strictSame(cellOf(type, value, NOW), want, `${type} ${JSON.stringify(value)}`)
})
