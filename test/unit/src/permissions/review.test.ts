import t from 'tap'
import type { AgentStack } from '#src/api/agents/v1alpha1.ts'
import type { AgentRoleBinding, AgentSecretGrant } from '#src/api/identity/v1alpha1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { reviewPermissions, type Trigger } from '#src/permissions/review.ts'
import { cluster, now } from '#test/fixtures.ts'
import { account, configGrant, roleBinding, secretGrant, stack } from '#test/fixtures-grants.ts'

const main = 'refs/heads/main'
const fork = 'refs/pull/7/head'
const ci: Trigger = { repository: 'app', source: 'ci', trustTier: 'trusted' }
const counting = stack({
  permissionRefs: {
    roleBindings: ['repairer-reads'],
    secretGrants: ['repairer-model'],
    configGrants: ['repairer-skill'],
  },
})
const world = [account(), roleBinding(), secretGrant(), configGrant()]

const review = (
  of: AgentStack,
  objects: KubernetesObject[],
  { ref = main, trigger = ci }: { ref?: string | undefined; trigger?: Trigger } = {},
) => reviewPermissions(of, ref, trigger, { cluster: cluster(of, ...objects) })

const refs = (permissionRefs: AgentStack['spec']['permissionRefs']) =>
  stack({ permissionRefs: permissionRefs! })
const drift = { type: 'NativeBindingSynced', status: 'False', reason: 'DriftEscalates' } as const

t.test('one result per requirement', async t => {
  t.match(review(counting, world), [
    { requirement: { kind: 'account', name: 'repairer-account' }, answer: 'allowed' },
    { requirement: { kind: 'role', name: 'repairer-reads' }, answer: 'allowed' },
    {
      requirement: { kind: 'secret', name: 'model', key: 'token' },
      answer: 'allowed',
      grant: 'repairer-model',
    },
    { requirement: { kind: 'configmap', name: 'skill', key: 'rules' }, answer: 'allowed' },
  ])
  t.match(review(stack(), world), [{ requirement: { kind: 'account' }, answer: 'allowed' }])
})

t.test('without its account a stack has nothing', async t => {
  for (const objects of [world.slice(1), [account({}, { deletionTimestamp: now.toISOString() })]]) {
    const results = review(counting, objects)
    t.equal(results.length, 4)
    for (const result of results) t.match(result, { answer: 'denied', rule: 'R50' })
  }
  const listing = stack({ secretPolicy: { allowOnForks: false, allowedSecretRefs: ['model'] } })
  t.match(review(listing, []), [{ answer: 'denied' }, { answer: 'denied', rule: 'R50' }])
})

t.test('the account is limited to its repositories and runner pools', async t => {
  const limited = account({ allowedRepositories: ['web'] })
  t.match(review(stack(), [limited]), [
    { answer: 'denied', rule: 'R43', reason: /repository "app" is not in it/ },
  ])
  t.match(review(stack(), [limited], { trigger: {} }), [
    { answer: 'denied', reason: /no repository is stated/ },
  ])
  const pooled = account({ allowedRunnerPools: ['gpu'] })
  t.match(review(stack({ runnerPool: 'gpu' }), [pooled]), [{ answer: 'allowed' }])
  t.match(review(stack({ runnerPool: 'gpu' }), [pooled], { trigger: { runnerPool: 'x' } }), [
    { answer: 'denied' },
  ])
})

t.test('a missing role binding comes with what to apply', async t => {
  const results = review(refs({ roleBindings: ['repairer-reads'] }), [account()])
  t.match(results, [{ answer: 'missingGrant', rule: 'R65' }, { answer: 'allowed' }])
  const made = JSON.parse(results[0]!.manifest!) as AgentRoleBinding
  t.match(review(refs({ roleBindings: ['repairer-reads'] }), [account(), made]), [
    { answer: 'allowed' },
    { answer: 'allowed' },
  ])
})

t.test('drift that escalates comes first, whether the stack counts on the role or not', async t => {
  t.match(review(counting, [account(), roleBinding({}, {}, drift)])[0], {
    requirement: { kind: 'role', name: 'repairer-reads' },
    answer: 'driftedNativeObject',
  })
  const other = roleBinding(
    { subject: { kind: 'agent-service-account', name: 'repairer-account' } },
    { name: 'other' },
    drift,
  )
  t.match(review(stack(), [account(), other, roleBinding()]), [
    { requirement: { kind: 'role', name: 'other' }, answer: 'driftedNativeObject' },
    { requirement: { kind: 'account' } },
  ])
})

t.test('a missing grant comes with what to apply once the keys are known', async t => {
  const missing = refs({ secretGrants: ['absent'], configGrants: ['absent'] })
  const results = review(missing, [account()])
  t.match(results, [
    {
      requirement: { kind: 'secret', name: 'absent', key: undefined },
      answer: 'missingGrant',
      reason: /AgentSecretGrant "absent"/,
    },
    {
      requirement: { kind: 'configmap', name: 'absent' },
      answer: 'missingGrant',
      reason: /AgentConfigGrant/,
    },
    { answer: 'allowed' },
  ])
  t.match(JSON.parse(results[0]!.manifest!), {
    metadata: { name: 'absent' },
    spec: { secretRef: { keys: [] } },
  })
})

const grants = refs({ secretGrants: ['repairer-model'] })
const condition = (type: string) => ({
  status: {
    conditions: [
      { type, status: 'False' as const, reason: 'x', message: '', lastTransitionTime: '' },
    ],
  },
})
const cases: Record<
  string,
  { of?: AgentStack; grant: AgentSecretGrant; ref?: string; trigger?: Trigger; want: object }
> = {
  'denies a grant of another stack': {
    grant: secretGrant({ subject: { kind: 'agent-stack', name: 'other' } }),
    want: { answer: 'denied', rule: 'R65' },
  },
  'denies a grant of another account': {
    grant: secretGrant({ serviceAccountRef: 'other' }),
    want: { answer: 'denied', rule: 'R65' },
  },
  'denies a grant on another namespace': {
    grant: secretGrant({ secretRef: { namespace: 'x', name: 'model', keys: ['token'] } }),
    want: { answer: 'denied', rule: 'R65' },
  },
  'denies a grant of no keys': {
    grant: secretGrant({ secretRef: { name: 'model', keys: [] } }),
    want: { answer: 'denied', rule: 'R53' },
  },
  'denies a grant on a Secret that does not exist': {
    grant: { ...secretGrant(), ...condition('SecretExists') },
    want: { answer: 'denied', rule: 'R62' },
  },
  'takes no notice of what else its conditions say': {
    grant: { ...secretGrant(), ...condition('RotationCurrent') },
    want: { answer: 'allowed' },
  },
  'denies Secrets on pull requests': {
    grant: secretGrant({ requiredApproval: 'on-untrusted-ref' }),
    ref: fork,
    want: { answer: 'denied', rule: 'R64' },
  },
  'asks for an approval on pull requests where the stack has Secrets there': {
    of: stack({ ...grants.spec, secretPolicy: { allowOnForks: true } }),
    grant: secretGrant({ requiredApproval: 'on-untrusted-ref' }),
    ref: fork,
    want: { answer: 'requiresApproval' },
  },
  'denies untrusted work': {
    grant: secretGrant(),
    trigger: { repository: 'app' },
    want: { answer: 'denied', rule: 'R57' },
  },
  'denies another repository': {
    grant: secretGrant({ allowedRepositories: ['web'] }),
    want: { answer: 'denied', rule: 'R55' },
  },
  'denies another trigger source': {
    grant: secretGrant({ allowedTriggerSources: ['manual'] }),
    want: { answer: 'denied', rule: 'R55' },
  },
  'calls an expired grant stale': {
    grant: secretGrant({ expiresAt: '2026-11-21T00:00:00Z' }),
    want: { answer: 'staleGrant' },
  },
}

for (const [name, { of = grants, grant, want, ...work }] of Object.entries(cases))
  t.test(name, async t => {
    const results = review(of, [account(), grant], work)
    t.equal(results.length, 2)
    t.match(
      results.find(({ requirement }) => requirement.kind === 'secret'),
      want,
    )
  })

t.test('a grant that the stack does not name may be the one that allows', async t => {
  const stale = secretGrant({ expiresAt: '2026-11-21T00:00:00Z' })
  const other = secretGrant({}, { name: 'other' })
  t.match(review(grants, [account(), stale, other])[1], { answer: 'allowed', grant: 'other' })
})

t.test('an approval is enough', async t => {
  const objects = [account(), grants, secretGrant({ requiredApproval: 'always' })]
  const approvals = [{ kind: 'AgentSecretGrant' as const, name: 'repairer-model' }]
  const answer = (more: object) =>
    reviewPermissions(grants, main, ci, { cluster: cluster(...objects), ...more })[0]?.answer
  t.equal(answer({}), 'requiresApproval')
  t.equal(answer({ approvals }), 'allowed')
})

t.test('each Secret that the stack lists needs a grant on one of its keys', async t => {
  const listing = stack({ secretPolicy: { allowOnForks: false, allowedSecretRefs: ['model'] } })
  const model = (...objects: KubernetesObject[]) =>
    review(listing, [account(), ...objects]).find(
      ({ requirement }) => requirement.kind === 'secret',
    )
  const missing = model()
  t.match(missing, {
    requirement: { name: 'model', key: undefined },
    answer: 'missingGrant',
    rule: 'R62',
  })
  t.match(JSON.parse(missing!.manifest!), { spec: { secretRef: { name: 'model', keys: [] } } })
  t.match(model(secretGrant({ subject: { kind: 'agent-stack', name: 'other' } })), {
    answer: 'missingGrant',
  })
  t.match(model(secretGrant({ secretRef: { name: 'other', keys: ['token'] } })), {
    answer: 'missingGrant',
  })
  t.match(model(secretGrant({ requiredApproval: 'always' })), { answer: 'requiresApproval' })
  t.match(model(secretGrant({ requiredApproval: 'always' }), secretGrant({}, { name: 'second' })), {
    answer: 'allowed',
    grant: 'second',
  })
  t.match(review(listing, [account(), secretGrant()], { ref: fork })[0], {
    answer: 'denied',
    rule: 'R64',
  })
})

t.test('what a named grant is on is not asked for twice', async t => {
  const both = stack({
    permissionRefs: { secretGrants: ['repairer-model', 'absent'] },
    secretPolicy: { allowOnForks: false, allowedSecretRefs: ['model'] },
  })
  t.match(
    review(both, [account(), secretGrant()]).map(({ requirement }) => requirement.name),
    ['absent', 'repairer-account', 'model'],
  )
})

t.test('the most severe comes first', async t => {
  const results = review(
    refs({
      roleBindings: ['repairer-reads'],
      secretGrants: ['absent', 'stale', 'asking', 'denied', 'repairer-model'],
    }),
    [
      account(),
      roleBinding({}, {}, drift),
      secretGrant(
        { expiresAt: '2026-11-21T00:00:00Z', secretRef: { name: 'a', keys: ['k'] } },
        { name: 'stale' },
      ),
      secretGrant(
        { requiredApproval: 'always', secretRef: { name: 'b', keys: ['k'] } },
        { name: 'asking' },
      ),
      secretGrant({ serviceAccountRef: 'x' }, { name: 'denied' }),
      secretGrant(),
    ],
  )
  t.strictSame(
    results.map(({ answer }) => answer),
    [
      'driftedNativeObject',
      'denied',
      'missingGrant',
      'staleGrant',
      'requiresApproval',
      'allowed',
      'allowed',
    ],
  )
})

t.test('a stack of no namespace finds nothing', async t => {
  const { namespace: _, ...metadata } = stack().metadata
  t.match(review({ ...stack(), metadata }, world), [{ answer: 'denied', rule: 'R50' }])
})
