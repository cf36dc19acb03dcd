import t from 'tap'
import { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { Organization, Team } from '#src/api/identity/v1alpha1.ts'
import type { KubernetesObject, UnknownObject } from '#src/api/object.ts'
import { policiesSay } from '#src/check/policies.ts'
import { clusterOf } from '#src/lib/cluster.ts'

const NOW = new Date('2026-11-21T12:00:00Z')
const NAMESPACE = 'kradle-org-acme'
const kradle = <S extends object>(kind: string, name: string, spec: S, namespace = NAMESPACE) => ({
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind,
  metadata: { name, namespace },
  spec,
})
const template = (kyverno: object = {}, spec: object = {}, namespace?: string) =>
  kradle(
    'PolicyTemplate',
    'titles',
    {
      displayName: 'Titles',
      targetKinds: ['PullRequest'],
      parameters: [{ name: 'min', type: 'integer', default: 5 }],
      kyverno: {
        type: 'Validating',
        spec: {
          matchConstraints: {
            resourceRules: [
              {
                apiGroups: ['activity.kradle.a5c.ai'],
                apiVersions: ['v1alpha1'],
                operations: ['CREATE', 'UPDATE'],
                resources: ['pullrequests'],
              },
            ],
          },
          validations: [
            { expression: 'size(object.spec.title) >= variables.min', message: 'title: is short' },
          ],
        },
        ...kyverno,
      },
      rolloutDefaults: { mode: 'audit' },
      remediation: 'Write more.',
      ...spec,
    },
    namespace,
  )
const binding = (spec: object = {}, name = 'words') =>
  kradle('PolicyBinding', name, {
    organizationRef: 'acme',
    templateRef: 'titles',
    mode: 'enforce',
    suspend: false,
    ...spec,
  })
const request = (name: string, spec: object = {}) =>
  kradle('PolicyExceptionRequest', name, {
    organizationRef: 'acme',
    policyRef: 'words',
    justification: 'x',
    expiresAt: '2026-11-21T12:00:01Z',
    resources: [{ kind: 'PullRequest', name: 'pr' }],
    decision: 'Approved',
    reason: 'x',
    ...spec,
  })
const profile = (name: string, spec: object) =>
  kradle('PolicyProfile', name, {
    organizationRef: 'acme',
    displayName: name,
    mode: 'mixed',
    rolloutMode: 'immediate',
    auditDays: 14,
    failurePolicy: 'failClosed',
    ...spec,
  })
const pull = (title: string, namespace = NAMESPACE): UnknownObject => ({
  apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
  kind: 'PullRequest',
  metadata: { name: 'pr', namespace },
  spec: { repository: 'app', title },
})
const say = (object: UnknownObject, there: readonly KubernetesObject[], old?: UnknownObject) =>
  policiesSay({ kind: PullRequest, object, old, user: { username: 'you' } }, clusterOf(there, NOW))
const SHORT = 'title: is short [words: titles] Write more.'
const silence = { causes: [], warnings: [], notes: [], unjudged: [] }

t.test('refuses what a policy in enforce refuses, in its words', async t => {
  t.strictSame(say(pull('A'), [template(), binding()]), {
    ...silence,
    causes: [{ source: 'policy', field: '', message: SHORT }],
  })
  t.strictSame(say(pull('A long one'), [template(), binding()]), silence)
  const platform = template({}, {}, 'kradle-system')
  t.match(say(pull('A'), [platform, binding()]), { causes: [{ message: SHORT }] })
})

t.test('warns of what a policy in audit would report', async t => {
  t.strictSame(say(pull('A'), [template(), binding({ mode: 'audit' })]), {
    ...silence,
    warnings: [`${SHORT} (audit: reported, not refused)`],
  })
})

t.test('knows the object that is there already', async t => {
  const changes = template({
    spec: {
      ...template().spec.kyverno.spec,
      matchConditions: [
        {
          name: 'is-new',
          expression: 'request.operation == "CREATE" || object.spec != oldObject.spec',
        },
      ],
    },
  })
  t.match(say(pull('A'), [changes, binding()]), { causes: [{}] })
  t.strictSame(say(pull('A'), [changes, binding()], pull('A')), silence)
})

t.test('has nothing to say of what policies are not about', async t => {
  const there = [template(), binding()]
  t.strictSame(say(pull('A', 'default'), there), silence)
  t.strictSame(say(pull('A'), [template(), binding({ suspend: true })]), silence, 'suspended')
  const elsewhere = binding({ target: { repositories: ['docs'] } })
  t.strictSame(say(pull('A'), [template(), elsewhere]), silence, 'another repository')
  const team = pull('A')
  t.strictSame(
    policiesSay({ kind: Team, object: team, old: undefined, user: {} }, clusterOf(there, NOW)),
    silence,
    'another kind',
  )
  const { namespace: _, ...metadata } = team.metadata
  t.strictSame(
    policiesSay(
      { kind: Organization, object: { ...team, metadata }, old: undefined, user: {} },
      clusterOf(there, NOW),
    ),
    silence,
    'no namespace',
  )
  t.strictSame(say(pull('A'), [template({ type: 'Deleting' }), binding()]), silence)
})

t.test('knows exceptions, until the second at which they end', async t => {
  const there = [template(), binding()]
  t.strictSame(say(pull('A'), [...there, request('short')]), {
    ...silence,
    notes: [
      'policy "words" would refuse it, but for PolicyExceptionRequest "short" until 2026-11-21T12:00:01Z',
    ],
  })
  t.strictSame(say(pull('Long enough'), [...there, request('short')]), silence, 'not needed')
  for (const [name, spec] of Object.entries({
    'is over': { expiresAt: '2026-11-21T12:00:00Z' },
    'is denied': { decision: 'Denied' },
    'nobody has decided': { decision: undefined },
    'is of another policy': { policyRef: 'others' },
    'is for another object': { resources: [{ kind: 'PullRequest', name: 'other' }] },
    'is for nothing': { resources: undefined },
  }))
    t.match(say(pull('A'), [...there, request('short', spec)]), { causes: [{}], notes: [] }, name)
})

t.test('goes by the profile of the binding, or the only one', async t => {
  const audits = profile('careful', { mode: 'audit' })
  const there = [template(), binding(), audits]
  t.match(say(pull('A'), there), { causes: [], warnings: [/audit/] })
  const strict = profile('strict', {})
  t.match(say(pull('A'), [...there, strict]), { causes: [{}] }, 'one of two is nobody')
  const named = [template(), binding({ profileRef: 'careful' }), audits, strict]
  t.match(say(pull('A'), named), { causes: [], warnings: [/audit/] })
})

t.test('says what it leaves to Kyverno', async t => {
  t.strictSame(say(pull('A'), [binding()]).unjudged, [
    'PolicyBinding "words" (PolicyTemplate "titles" is not there, or not yours to read)',
  ])
  const { matchConstraints } = template().spec.kyverno.spec
  const expression = 'Object{spec: Object.spec{body: "x"}}'
  const mutations = [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }]
  const mutating = template({ type: 'Mutating', spec: { matchConstraints, mutations } })
  t.strictSame(say(pull('A'), [mutating, binding()]).unjudged, [
    'PolicyBinding "words" (Mutating: only Kyverno can tell)',
  ])
  t.match(say(pull('A'), [template(), binding({ parameters: { max: 1 } })]).unjudged, [
    /^PolicyBinding "words" \(it cannot become a policy: spec\.parameters\.max is no parameter of/,
  ])
})

t.test('does with what fails as the policy does', async t => {
  const validating = template().spec.kyverno.spec
  const fails = template({
    spec: { ...validating, validations: [{ expression: 'object.spec.nothing > 1' }] },
  })
  t.match(say(pull('A'), [fails, binding()]), {
    causes: [{ source: 'policy', message: /^policy "words" cannot judge it: .*no such key/ }],
  })
  t.match(say(pull('A'), [fails, binding({ mode: 'audit' })]), {
    causes: [],
    warnings: [/^policy "words" cannot judge it/],
  })
  const asks = template(
    {
      spec: {
        ...validating,
        validations: [{ expression: "image.GetMetadata('node:24').config.architecture == 'x'" }],
      },
    },
    {},
    'kradle-system',
  )
  t.match(say(pull('A'), [asks, binding()]), {
    causes: [],
    unjudged: [/^PolicyBinding "words" \(.*only Kyverno can judge this/],
  })
})
