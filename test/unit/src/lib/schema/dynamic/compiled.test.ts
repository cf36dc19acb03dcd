import t from 'tap'
import { compiled } from '#src/lib/schema/dynamic/compiled.ts'

t.test('gives an expression, or says why there is none', async t => {
  t.match(compiled('1 + x', ['x']), { source: '1 + x', evaluate: Function })
  t.strictSame(compiled('y', ['x']), { source: 'y', problem: "undeclared reference to 'y'" })
})
