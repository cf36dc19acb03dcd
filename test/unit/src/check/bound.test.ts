import t from 'tap'
import { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { PolicyBinding } from '#src/api/policy/v1alpha1.ts'
import { boundOn, policyKinds } from '#src/check/bound.ts'
import { clusterOf } from '#src/lib/cluster.ts'

const NOW = new Date('2026-11-21T12:00:00Z')
const namespace = 'kradle-org-acme'
const kradle = <S extends object>(kind: string, name: string, spec: S) => ({
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind,
  metadata: { name, namespace },
  spec,
})
const validating = {
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
  validations: [{ expression: 'false', message: 'no' }],
}
const template = (kyverno: object = { type: 'Validating', spec: validating }, home = namespace) => {
  const made = kradle('PolicyTemplate', 'x', {
    displayName: 'X',
    targetKinds: ['PullRequest'],
    kyverno,
  })
  return { ...made, metadata: { ...made.metadata, namespace: home } }
}
const binding = (spec: object = {}) =>
  kradle('PolicyBinding', 'x', {
    organizationRef: 'acme',
    templateRef: 'x',
    mode: 'enforce',
    suspend: false,
    ...spec,
  })
const request = (spec: object = {}, status: object = {}) => ({
  ...kradle('PolicyExceptionRequest', 'r', {
    organizationRef: 'acme',
    policyRef: 'x',
    justification: 'x',
    expiresAt: '2026-11-21T12:00:01Z',
    resources: [{ kind: 'PullRequest', name: 'pr' }],
    decision: 'Approved',
    ...spec,
  }),
  status,
})
const profile = kradle('PolicyProfile', 'p', { displayName: 'p', mode: 'audit', auditDays: 1 })
const bound = (there: readonly KubernetesObject[], spec: object = {}) =>
  boundOn(PullRequest, binding(spec) as unknown as PolicyBinding, clusterOf(there, NOW))

t.test('is the policy of the binding, from here or from the platform', async t => {
  for (const home of [namespace, 'kradle-system'])
    t.match(bound([template(undefined, home)]), {
      policy: { kind: 'NamespacedValidatingPolicy', metadata: { namespace } },
      exceptions: [],
      mode: 'enforce',
    })
})

t.test('goes by the profile, the one that is named or the only one', async t => {
  t.match(bound([template(), profile]), { mode: 'audit' })
  t.match(bound([template(), profile], { profileRef: 'p' }), { mode: 'audit' })
  t.strictSame(bound([template(), profile], { profileRef: 'other' }), {
    unknown: 'PolicyProfile "other" is not there',
  })
})

t.test('is nothing where the binding has no say', async t => {
  const other = boundOn(Team, binding() as unknown as PolicyBinding, clusterOf([template()], NOW))
  t.equal(other, undefined, 'another kind')
  t.equal(bound([template()], { suspend: true }), undefined, 'suspended')
  t.equal(bound([template({ type: 'Deleting', spec: {} })]), undefined, 'no say on writes')
})

t.test('says what only Kyverno knows', async t => {
  t.strictSame(bound([]), { unknown: 'PolicyTemplate "x" is not there, or not yours to read' })
  t.match(bound([template()], { parameters: { a: 1 } }), {
    unknown: /^it cannot become a policy: spec\.parameters\.a is no parameter/,
  })
  const expression = 'Object{spec: Object.spec{body: "x"}}'
  const { matchConstraints } = validating
  const mutations = [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }]
  t.strictSame(bound([template({ type: 'Mutating', spec: { matchConstraints, mutations } })]), {
    unknown: 'Mutating: only Kyverno can tell',
  })
})

t.test('has the exceptions that hold now', async t => {
  const held = (given: KubernetesObject) => {
    const found = bound([template(), given])
    return found?.policy && found.exceptions.length
  }
  t.equal(held(request()), 1)
  t.equal(held(request({}, { conditions: [{ type: 'Admitted', status: 'True' }] })), 1)
  const turnedDown = { conditions: [{ type: 'Admitted', status: 'False' }] }
  t.equal(held(request({}, turnedDown)), 0, 'the controller has something against it')
  t.equal(held(request({ expiresAt: '2026-11-21T12:00:00Z' })), 0, 'over')
  t.equal(held(request({ decision: 'Denied' })), 0)
  t.equal(held(request({ policyRef: 'other' })), 0)
  t.equal(held(request({ resources: [] })), 0, 'for nothing')
  const { status: _, ...fresh } = request()
  t.equal(held(fresh), 1)
})

t.test('looks at four kinds', async t => t.equal(policyKinds.size, 4))
