import t from 'tap'
import { compiledPolicy } from '#src/policy/compiled-policy.ts'
import type { KyvernoPolicy } from '#src/policy/kyverno.ts'
import { exceptionOf } from '#src/policy/exception.ts'
import { binding, exceptionRequest, template } from '#test/fixtures-policy.ts'

const of = (spec: KyvernoPolicy['spec']): KyvernoPolicy => ({
  apiVersion: 'policies.kyverno.io/v1',
  kind: 'NamespacedValidatingPolicy',
  metadata: { name: 'kradle-acme-core' },
  spec,
})

t.test('never throws; what does not compile says so', async t => {
  const compiled = compiledPolicy(
    of({
      matchConditions: [{ name: 'x', expression: 'variables.a' }],
      variables: [{ name: 'a', expression: '1' }],
      validations: [{ expression: 'true' }, { expression: 'true', messageExpression: '(' }],
      auditAnnotations: [{ key: 'k', valueExpression: '"v"' }],
    }),
    [],
  )
  t.match(compiled, {
    conditions: [{ problem: "undeclared reference to 'variables'" }],
    validations: [
      { message: '', messageExpression: undefined },
      { messageExpression: { problem: String } },
    ],
    annotations: [{ key: 'k', expression: { source: '"v"' } }],
  })
  t.ok(compiled.variables.has('a'))
  t.match(compiledPolicy(of({}), []), { conditions: [], validations: [], annotations: [] })
})

t.test('has the exceptions that name it, by name and kind', async t => {
  const own = exceptionOf({
    request: exceptionRequest(),
    binding: binding(),
    template: template(),
  })!
  const { matchConditions: _, ...spec } = own.spec
  const others = [{ name: 'another' }, { kind: 'ValidatingPolicy' }].map(change => ({
    ...own,
    spec: { ...own.spec, policyRefs: [{ ...own.spec.policyRefs[0]!, ...change }] },
  }))
  t.equal(compiledPolicy(of({}), [own, ...others, { ...own, spec }]).exceptions.length, 2)
})
