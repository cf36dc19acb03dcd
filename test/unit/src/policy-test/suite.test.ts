import t from 'tap'
import type { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { policyTestOf } from '#src/policy-test/document.ts'
import { suiteOf } from '#src/policy-test/suite.ts'

const NOW = new Date('2026-11-21T12:00:00Z')
const template: PolicyTemplate = {
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind: 'PolicyTemplate',
  metadata: { name: 'titles', namespace: 'kradle-system' },
  spec: {
    displayName: 'Titles',
    severity: 'low',
    targetKinds: ['PullRequest'],
    parameters: [{ name: 'min', type: 'integer', required: true }],
    kyverno: {
      type: 'Validating',
      spec: {
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: ['activity.kradle.a5c.ai'],
              apiVersions: ['v1alpha1'],
              operations: ['CREATE'],
              resources: ['pullrequests'],
            },
          ],
        },
        validations: [{ expression: 'size(object.spec.title) >= variables.min', message: 'short' }],
      },
    },
    rolloutDefaults: { mode: 'audit' },
  },
}
const test = (spec: object) =>
  policyTestOf({
    apiVersion: 'cli.kradle.a5c.ai/v1alpha1',
    kind: 'PolicyTest',
    metadata: { name: 'short' },
    spec: {
      objects: [
        {
          result: 'pass',
          object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } },
        },
      ],
      ...spec,
    },
  })

t.test('renders what the policy controller would', async t => {
  const { policy, exceptions } = suiteOf(template, test({ parameters: { min: 3 } }), NOW)
  t.match(policy, {
    kind: 'NamespacedValidatingPolicy',
    metadata: { namespace: 'kradle-org-acme', ownerReferences: [{ name: 'short', uid: /./ }] },
    spec: { validationActions: ['Deny'], variables: [{ name: 'min', expression: '3' }] },
  })
  t.strictSame(exceptions, [])
})

t.test('puts target and match into its binding, and exceptions beside it', async t => {
  const { policy, exceptions } = suiteOf(
    template,
    test({
      parameters: { min: 3 },
      target: { repositories: ['app'] },
      match: { matchLabels: { a: 'b' } },
      exceptions: [{ kind: 'PullRequest', name: 'pr-1', expiresAt: '2099-01-31T00:00:00Z' }],
    }),
    NOW,
  )
  t.equal(policy.spec.matchConditions?.length, 2)
  t.match(exceptions, [
    { kind: 'PolicyException', spec: { policyRefs: [{ name: policy.metadata.name }] } },
  ])
})

t.test('says what is wrong with what a test fills in', async t => {
  t.throws(() => suiteOf(template, test({}), NOW), {
    code: 'InvalidPolicyTest',
    message: /^spec\.parameters\.min: is missing.* \(R205\)$/,
  })
  t.throws(() => suiteOf(template, test({ parameters: { min: 'x' } }), NOW), {
    message: /^spec\.parameters\.min: "x" is not an integer/,
  })
})
