import { Registry } from 'prom-client'
import { pino } from 'pino'
import t from 'tap'
import type { Configurations } from '#src/apiserver/admission/configurations.ts'
import { policyOf } from '#src/apiserver/admission/policy/policy.ts'
import { countProblems, problemsOf, reportProblems } from '#src/apiserver/admission/unsupported.ts'
import { hooksOf } from '#src/apiserver/admission/webhook/hook.ts'

const policy = (name: string, spec: object, kind = 'ValidatingAdmissionPolicy') => ({
  policy: policyOf({ apiVersion: 'v1', kind, metadata: { name }, spec }),
  bindings: [],
})
const none: Configurations = {
  validatingPolicies: [],
  mutatingPolicies: [],
  validatingWebhooks: [],
  mutatingWebhooks: [],
}
const hooks = (expression: string) =>
  hooksOf({
    apiVersion: 'v1',
    kind: 'C',
    metadata: { name: 'c' },
    webhooks: [{ name: 'h', clientConfig: {}, matchConditions: [{ name: 'x', expression }] }],
  })
const some: Configurations = {
  validatingPolicies: [policy('fine', {}), policy('params', { paramKind: {} })],
  mutatingPolicies: [policy('mutates', {}, 'MutatingAdmissionPolicy')],
  validatingWebhooks: hooks('true'),
  mutatingWebhooks: hooks('nothing'),
}

t.test('finds what cannot be evaluated', async t => {
  t.same(problemsOf(none), [])
  t.match(problemsOf(some), [
    { kind: 'ValidatingAdmissionPolicy', name: 'params' },
    { kind: 'MutatingAdmissionPolicy', name: 'mutates' },
    { kind: 'MutatingWebhookConfiguration', name: 'c/h/0', problem: /undeclared/ },
  ])
})

t.test('tells once', async t => {
  const lines: string[] = []
  const report = reportProblems(pino({}, { write: (line: string) => void lines.push(line) }))
  report(none)
  t.equal(lines.length, 0)
  report(some)
  report(some)
  t.equal(lines.length, 1)
  report(none)
  t.equal(lines.length, 2)
})

t.test('counts', async t => {
  const metrics = new Registry()
  countProblems(metrics, () => some)
  t.match(
    await metrics.metrics(),
    /unsupported\{kind="ValidatingAdmissionPolicy",name="params"\} 1/,
  )
})
