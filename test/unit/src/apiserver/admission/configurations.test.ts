import t from 'tap'
import { boundPolicies, configurationsOf } from '#src/apiserver/admission/configurations.ts'

const policy = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name },
  spec,
})
const binding = (name: string, policyName: string) => ({
  apiVersion: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name },
  spec: { policyName },
})

t.test('a policy is in force by its bindings', async t => {
  const [a, b] = [policy('a'), policy('b')]
  const bound = boundPolicies([a, b], [binding('x', 'a'), binding('y', 'a'), binding('z', 'c')])
  t.match(bound, [{ policy: { name: 'a' }, bindings: [{}, {}] }])
  t.equal(bound.length, 1)
  t.equal(boundPolicies([a], [binding('x', 'a')])[0]!.policy, bound[0]!.policy, 'compiled once')
})

t.test("leaves out Kradle's own, but for its validating policies", async t => {
  const object = (name: string, more: object = {}) => ({
    apiVersion: 'v1',
    kind: 'C',
    metadata: { name },
    webhooks: [{ name: 'h', clientConfig: {} }],
    spec: {},
    ...more,
  })
  const kradles = (name: string) =>
    object(name, { metadata: { name, labels: { 'app.kubernetes.io/part-of': 'kradle' } } })
  const bindings = ['p', 'q'].map(name => binding(name, name))
  const found = configurationsOf({
    mutatingWebhookConfigurations: [object('m'), kradles('k')],
    validatingWebhookConfigurations: [object('v'), kradles('k')],
    validatingPolicies: [object('p'), kradles('q')],
    validatingBindings: bindings,
    mutatingPolicies: [object('p'), kradles('q')],
    mutatingBindings: bindings,
  })
  t.same(
    [
      ...[...found.mutatingWebhooks, ...found.validatingWebhooks].map(({ id }) => id),
      ...[...found.validatingPolicies, ...found.mutatingPolicies].map(
        ({ policy: { name } }) => name,
      ),
    ],
    ['m/h/0', 'v/h/0', 'p', 'q', 'p'],
  )
})
