import t from 'tap'
import { without } from '#src/controllers/agents/problem.ts'

const fine = { reason: 'AllFound', message: 'All is well' }
const problem = (says: string, reason = 'Missing', wayOut = 'create it [R1]') => ({
  reason,
  says,
  wayOut,
})

t.test('without problems the condition holds', async t => {
  t.strictSame(without('Fit', [], fine), { type: 'Fit', status: 'True', ...fine })
})

t.test('otherwise it tells the first few, counts the rest, and says each way out once', async t => {
  const problems = ['a', 'b', 'c', 'd', 'e', 'f'].map(says => problem(says))
  t.strictSame(without('Fit', problems, fine), {
    type: 'Fit',
    status: 'False',
    reason: 'Missing',
    message: 'a, b, c, d, e and 1 more; create it [R1]',
  })
  t.match(without('Fit', [problem('a', 'Wrong', 'mend it [R2]'), problem('b')], fine), {
    reason: 'Wrong',
    message: 'a, b; mend it [R2]; create it [R1]',
  })
})
