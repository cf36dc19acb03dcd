import t from 'tap'
import { asClause } from '#src/controllers/policy/problem-clause.ts'

const problem = {
  rule: 'R205',
  field: 'spec.parameters.minLength',
  value: 'ten',
  problem: 'is not an integer',
  fix: 'write an integer',
}

t.test('a problem says where it is, what stands there, and what to do', async t => {
  t.equal(
    asClause(problem),
    'spec.parameters.minLength: "ten" is not an integer; write an integer [R205]',
  )
})

t.test('what is missing has no value', async t => {
  t.equal(
    asClause({ ...problem, value: undefined, problem: 'is missing' }),
    'spec.parameters.minLength: is missing; write an integer [R205]',
  )
})
