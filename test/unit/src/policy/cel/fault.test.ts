import t from 'tap'
import { positionOf } from '#src/policy/cel/fault.ts'

t.test('lines and columns are counted from one, in characters', async t => {
  t.strictSame(positionOf('a\n😀b', 0), { line: 1, column: 1 })
  t.strictSame(positionOf('a\n😀b', 4), { line: 2, column: 2 })
})
