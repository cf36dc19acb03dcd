import t from 'tap'
import controller from '#src/controllers/policy/policytemplate.ts'
import { clusterAt, template } from '#test/fixtures-kyverno.ts'

const look = (spec: object = {}) => controller.reconcile(template(spec), clusterAt(0)).status

t.test('a template that compiles can be bound', async t => {
  t.match(look(), {
    phase: 'Compiled',
    conditions: [
      { type: 'Compiled', status: 'True', reason: 'Compiled' },
      { type: 'Ready', status: 'True' },
    ],
  })
})

t.test('one that does not says what is wrong with it', async t => {
  const kyverno = { type: 'Validating', spec: { validations: [{ expression: '1 +' }] } }
  t.match(look({ kyverno }), {
    phase: 'Invalid',
    conditions: [
      { type: 'Compiled', status: 'False', reason: 'Invalid', message: 'spec.kyverno' },
      { type: 'Ready', status: 'False', reason: 'Invalid' },
    ],
  })
})
