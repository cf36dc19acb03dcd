import t from 'tap'
import { kindProblems } from '#src/policy/body-kinds.ts'
import { platformTemplate, pullRequests, template } from '#test/fixtures-policy.ts'

const rules = 'spec.kyverno.spec.matchConstraints.resourceRules'
const [rule] = pullRequests.resourceRules
const matching = (change: object) => ({
  matchConstraints: { resourceRules: [{ ...rule, ...change }] },
})
const target = (targetKinds: string[], apiGroups: string[], resources: string[]) =>
  [matching({ apiGroups, resources }), { targetKinds }] as const

t.test('takes kinds that rules match', async t => {
  t.strictSame(kindProblems(template(), false), [])
  t.strictSame(
    kindProblems(
      template(
        ...target(['Deployment', 'batch/Job'], ['apps', 'batch'], ['deployments', 'jobs/status']),
      ),
      false,
    ),
    [],
  )
})

t.test('targets are kinds that are registered, and clear', async t => {
  t.match(
    kindProblems(template({}, { targetKinds: ['PullRequest', 'MergeRequest', 'Job'] }), false),
    [
      {
        rule: 'R205',
        field: 'spec.targetKinds[1]',
        value: 'MergeRequest',
        problem: /^is no kind that policies judge/,
      },
      { field: 'spec.targetKinds[2]', problem: 'is the name of 2 kinds', fix: /batch\/Job/ },
    ],
  )
})

t.test('nobody’s policy deletes what is Kradle’s, but workspaces', async t => {
  const deleting = (kind: string, group: string, plural: string) =>
    kindProblems(platformTemplate(...target([kind], [group], [plural]), 'Deleting'), true)
  t.match(deleting('PullRequest', 'activity.kradle.a5c.ai', 'pullrequests'), [
    { rule: 'R203', field: 'spec.targetKinds[0]' },
  ])
  t.match(deleting('Team', 'kradle.a5c.ai', 'teams'), [{ rule: 'R203' }])
  t.strictSame(deleting('KradleWorkspace', 'kradle.a5c.ai', 'kradleworkspaces'), [])
  t.strictSame(deleting('Pod', '', 'pods'), [])
})

t.test('Secrets are judged by the platform alone', async t => {
  const secrets = target(['Secret'], [''], ['secrets'])
  t.match(kindProblems(template(...secrets), false), [
    { rule: 'R203', problem: /messages and reports/ },
  ])
  t.strictSame(kindProblems(platformTemplate(...secrets), true), [])
})

t.test('what others decide is changed by no organisation’s template', async t => {
  for (const [kind, group, plural] of [
    ['AgentApproval', 'activity.kradle.a5c.ai', 'agentapprovals'],
    ['PolicyExceptionRequest', 'kradle.a5c.ai', 'policyexceptionrequests'],
    ['AgentSecretGrant', 'kradle.a5c.ai', 'agentsecretgrants'],
    ['ServiceAccount', '', 'serviceaccounts'],
  ] as const) {
    const where = target([kind], [group], [plural])
    t.match(kindProblems(template(...where, 'Mutating'), false), [{ rule: 'R203' }], kind)
    t.strictSame(kindProblems(template(...where), false), [], kind)
    t.strictSame(kindProblems(platformTemplate(...where, 'Mutating'), true), [], kind)
  }
})

t.test('rules name what they mean', async t => {
  const found = (change: object) => kindProblems(template(matching(change)), false)
  t.match(found({ resources: ['*'] }), [{ field: `${rules}[0].resources[0]`, value: '*' }])
  t.match(found({ resources: ['*/status'] }), [{ field: `${rules}[0].resources[0]` }])
  t.match(found({ apiGroups: ['*'] }), [
    { field: `${rules}[0].apiGroups[0]` },
    { field: `${rules}[0].resources[0]` },
  ])
  t.match(found({ apiGroups: [] }), [
    { field: `${rules}[0].apiGroups`, problem: 'is missing or empty' },
    {},
  ])
  t.match(found({ operations: undefined }), [{ field: `${rules}[0].operations` }])
  t.match(found({ resources: ['issues'] }), [
    {
      problem: 'is Issue, which targetKinds does not name',
      fix: 'add "Issue" to spec.targetKinds, or take it away here',
    },
  ])
  t.match(found({ apiGroups: ['kradle.a5c.ai'] }), [
    {
      problem: 'is no resource of targetKinds in "kradle.a5c.ai"',
      fix: 'write pullrequests of "activity.kradle.a5c.ai"',
    },
  ])
  t.match(kindProblems(template({}, { targetKinds: ['Nothing'] }), false), [
    {},
    { problem: /^is PullRequest/ },
  ])
  t.match(
    kindProblems(template(matching({ resources: ['x'] }), { targetKinds: ['Nothing'] }), false),
    [{}, { fix: 'write the plural of one of them, and its group' }],
  )
})

t.test('there have to be rules, and namespaces are the binding’s', async t => {
  t.match(kindProblems(template({ matchConstraints: undefined }), false), [
    { field: rules, problem: 'is missing or empty' },
  ])
  t.match(
    kindProblems(template({ matchConstraints: { ...pullRequests, namespaceSelector: {} } }), false),
    [{ rule: 'R203', field: 'spec.kyverno.spec.matchConstraints.namespaceSelector' }],
  )
})

t.test('what is changed by the way may be computed', async t => {
  const body = { targetMatchConstraints: { expression: 'resource.list("v1", "pods")' } }
  t.strictSame(kindProblems(platformTemplate(body, {}, 'Mutating'), true), [])
})
