import t from 'tap'
import { parameterProblems } from '#src/policy/body-parameters.ts'
import type { Parameter } from '#src/policy/parameters.ts'
import { template } from '#test/fixtures-policy.ts'

const of = (parameter: Partial<Parameter>, body = {}) =>
  parameterProblems(
    template(body, { parameters: [{ name: 'it', type: 'string', required: false, ...parameter }] }),
  )

t.test('takes what bindings can fill in', async t => {
  t.strictSame(of({ pattern: '^a', default: 'ab' }), [])
  t.strictSame(parameterProblems(template()), [])
})

t.test('names are free, patterns are of RE2, defaults fit', async t => {
  t.match(of({}, { variables: [{ name: 'it', expression: '1' }] }), [
    { rule: 'R205', field: 'spec.parameters[0].name', value: 'it', problem: /is a variable/ },
  ])
  t.match(of({ name: 'in' }), [{ problem: 'is a word of CEL itself' }])
  t.match(of({ pattern: '(?=a)' }), [{ field: 'spec.parameters[0].pattern' }])
  t.match(of({ default: 1 }), [
    { field: 'spec.parameters[0].default', value: 1, problem: 'is not a string' },
  ])
})
