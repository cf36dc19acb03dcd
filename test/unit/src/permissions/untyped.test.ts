import t from 'tap'
import { listOf, mapOf, textOf } from '#src/permissions/untyped.ts'

const values = [undefined, null, true, 1, 'text', ['item'], { key: 'value' }]

t.test('what is of another type is empty', async t => {
  t.strictSame(values.map(mapOf), [{}, {}, {}, {}, {}, {}, { key: 'value' }])
  t.strictSame(values.map(listOf), [[], [], [], [], [], ['item'], []])
  t.strictSame(values.map(textOf), ['', '', '', '', 'text', '', ''])
})
