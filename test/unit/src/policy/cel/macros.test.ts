import t from 'tap'
import { macroOf } from '#src/policy/cel/macros.ts'

t.test('knows macros by name, by number of arguments, and by what they are called on', async t => {
  t.strictSame(macroOf('x', 'optMap', 2, true), { names: [0], scoped: [1] })
  t.strictSame(macroOf(undefined, 'transformMap', 4, true), { names: [0, 1], scoped: [2, 3] })
  t.strictSame(macroOf('cel', 'bind', 3, true), { names: [0], scoped: [2] })
  t.equal(macroOf('x', 'optMap', 3, true), undefined)
  t.equal(macroOf(undefined, 'optMap', 2, false), undefined)
})
