import t from 'tap'
import { shown } from '#src/policy/problem.ts'

t.test('an expression is shown as one line, and not all of a long one', async t => {
  t.equal(shown(' a &&\n  b '), 'a && b')
  t.equal(shown('x'.repeat(200)), `${'x'.repeat(117)}...`)
})
