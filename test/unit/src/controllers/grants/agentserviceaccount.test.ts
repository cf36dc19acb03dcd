import t from 'tap'
import controller from '#src/controllers/grants/agentserviceaccount.ts'
import { Repository } from '#src/api/data-plane/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { RunnerPool } from '#src/api/runners-ci/v1alpha1.ts'
import { cluster, now } from '#test/fixtures.ts'
import { agentAccount, appliedFields, keysIn, serviceAccount } from '#test/fixtures-agents.ts'
import { thing } from '#test/fixtures-references.ts'

type Spec = Parameters<typeof agentAccount>[1]

const look = (spec: Spec, ...objects: KubernetesObject[]) => {
  const plan = controller.reconcile(agentAccount('repairer', spec), cluster(...objects))
  return {
    ...plan,
    phase: plan.status?.phase,
    conditions: plan.status?.conditions.map(
      ({ type, status, reason }) => `${type}=${status} ${reason}`,
    ),
  }
}

t.test('makes an account whose Pods get no token', async t => {
  const { apply, phase, conditions, requeueAfter } = look({})
  t.strictSame(apply, [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: 'repairer',
        namespace: 'kradle-org-acme',
        labels: {
          'kradle.a5c.ai/org': 'acme',
          'kradle.a5c.ai/owner-uid': 'uid-of-account-repairer',
        },
        ownerReferences: [
          {
            apiVersion: 'kradle.a5c.ai/v1alpha1',
            kind: 'AgentServiceAccount',
            name: 'repairer',
            uid: 'uid-of-account-repairer',
            controller: true,
          },
        ],
      },
      automountServiceAccountToken: false,
    },
  ])
  t.equal(phase, 'Ready')
  t.strictSame(conditions, [
    'ServiceAccountSynced=True Synced',
    'ImagePullSecretsReady=True SecretsFound',
    'TokenProjectionAllowed=True Allowed',
    'Ready=True Ready',
    'ReferencesResolved=True AllResolved',
  ])
  t.equal(requeueAfter, undefined)
})

t.test('passes on what is asked for', async t => {
  const { apply, status } = look(
    {
      automountServiceAccountToken: true,
      tokenAudience: 'vault',
      tokenExpirationSeconds: 900,
      imagePullSecrets: ['registry'],
    },
    serviceAccount(),
    keysIn('Secret', 'registry', []),
  )
  t.match(apply, [
    {
      metadata: {
        annotations: {
          'kradle.a5c.ai/token-audience': 'vault',
          'kradle.a5c.ai/token-expiration-seconds': '900',
        },
      },
      automountServiceAccountToken: true,
      imagePullSecrets: [{ name: 'registry' }],
    },
  ])
  t.match(
    status?.conditions.find(({ type }) => type === 'TokenProjectionAllowed')?.message,
    'Pods can have tokens for audience "vault" that live 900 seconds projected',
  )
})

t.test('leaves an account alone that somebody else made', async t => {
  for (const labels of [{}, { 'kradle.a5c.ai/owner-uid': 'uid-of-an-earlier-one' }]) {
    const { apply, phase, conditions, requeueAfter } = look(
      {},
      serviceAccount('repairer', {}, { labels }),
    )
    t.equal(apply, undefined)
    t.equal(phase, 'Blocked')
    t.strictSame(conditions, [
      'ServiceAccountSynced=False ServiceAccountNotOurs',
      'ImagePullSecretsReady=False ServiceAccountNotOurs',
      'TokenProjectionAllowed=False ServiceAccountNotOurs',
      'Ready=False ServiceAccountNotOurs',
      'ReferencesResolved=True AllResolved',
    ])
    t.equal(requeueAfter, 30)
  }
})

t.test('a limit to what does not exist is told, and leaves it Ready', async t => {
  const spec = { allowedRepositories: ['app'], allowedRunnerPools: ['small'] }
  const { apply, phase, conditions, status } = look(spec, thing('app', {}, {}, Repository))
  t.equal(apply?.length, 1)
  t.equal(phase, 'Ready')
  t.strictSame(conditions?.slice(-2), [
    'Ready=True Ready',
    'ReferencesResolved=False ReferenceMissing',
  ])
  t.match(
    status?.conditions.at(-1)?.message,
    /^spec\.allowedRunnerPools\[0\]: RunnerPool "small" does not exist; .*R33/,
  )
  t.match(
    look(spec, thing('app', {}, {}, Repository), thing('small', {}, {}, RunnerPool)).conditions,
    /ReferencesResolved=True/,
  )
})

t.test('looks again when what it is limited to comes or goes', async t => {
  const view = cluster(
    agentAccount('repairer', { allowedRepositories: ['app'] }),
    agentAccount('runner', { allowedRunnerPools: ['small'] }),
  )
  const owners = (kind: Kind, name: string) =>
    controller.watches
      .filter(watch => watch.kind === kind)
      .flatMap(watch => watch.toOwners(thing(name, {}, {}, kind), view))
      .map(({ name: owner }) => owner)
  t.strictSame(owners(Repository, 'app'), ['repairer'])
  t.strictSame(owners(RunnerPool, 'small'), ['runner'])
  t.strictSame(owners(Repository, 'small'), [])
})

t.test('waits for pull Secrets', async t => {
  const spec = { imagePullSecrets: ['registry', 'mirror'] }
  const missing = look(spec, serviceAccount(), keysIn('Secret', 'mirror', []))
  t.equal(missing.phase, 'Pending')
  t.match(missing.conditions, [/Synced=True/, 'ImagePullSecretsReady=False SecretMissing'])
  t.match(missing.status?.conditions[1]?.message, 'Missing Secrets: "registry"')
  t.equal(missing.requeueAfter, 30)
  const there = look(
    spec,
    serviceAccount(),
    keysIn('Secret', 'mirror', []),
    keysIn('Secret', 'registry', []),
  )
  t.equal(there.phase, 'Ready')
  t.ok(there.requeueAfter! > 1600)
})

t.test('reports pull Secrets that nobody declared, and repairs the rest', async t => {
  const live = serviceAccount('repairer', {
    automountServiceAccountToken: true,
    imagePullSecrets: [{ name: 'registry' }, { name: 'stolen' }],
  })
  const { apply, phase, conditions, status } = look(
    { imagePullSecrets: ['registry'] },
    live,
    keysIn('Secret', 'registry', []),
  )
  t.equal(phase, 'Error')
  t.match(conditions, ['ServiceAccountSynced=False DriftEscalates'])
  t.match(status?.conditions[0]?.message, /nobody declared: "stolen";/)
  t.match(apply, [{ automountServiceAccountToken: false, imagePullSecrets: undefined }])
})

t.test(
  'puts back pull Secrets that are lacking, and takes away what is declared no more',
  async t => {
    const secrets = ['registry', 'mirror'].map(name => keysIn('Secret', name, []))
    const spec = { imagePullSecrets: ['registry', 'mirror'] }
    const lacking = serviceAccount('repairer', { imagePullSecrets: [{ name: 'mirror' }] })
    const restored = [{ imagePullSecrets: [{ name: 'registry' }, { name: 'mirror' }] }]
    t.match(look(spec, lacking, ...secrets), { phase: 'Ready', apply: restored })
    const former = serviceAccount(
      'repairer',
      { imagePullSecrets: [{ name: 'former' }] },
      {
        labels: { 'kradle.a5c.ai/owner-uid': 'uid-of-account-repairer' },
        managedFields: [appliedFields('imagePullSecrets')],
      },
    )
    t.match(look({}, former), { phase: 'Ready', apply: [{ imagePullSecrets: undefined }] })
    t.match(look({}, serviceAccount()), { phase: 'Ready' })
  },
)

t.test('takes away what is ours while its owner is going, orphaned or not', async t => {
  const going = agentAccount()
  going.metadata.deletionTimestamp = now.toISOString()
  const planFor = (...objects: KubernetesObject[]) =>
    controller.reconcile(going, cluster(...objects))
  t.strictSame(planFor(), { delete: [] })
  const labels = { 'kradle.a5c.ai/owner-uid': 'uid-of-account-repairer' }
  const ours = { labels, uid: 'uid-of-projection', ownerReferences: [] }
  t.match(planFor(serviceAccount('repairer', {}, ours)), {
    delete: [
      {
        kind: { kind: 'ServiceAccount' },
        name: 'repairer',
        namespace: 'kradle-org-acme',
        uid: 'uid-of-projection',
      },
    ],
    apply: undefined,
    status: undefined,
  })
  for (const others of [{}, { 'kradle.a5c.ai/owner-uid': 'uid-of-an-earlier-one' }])
    t.strictSame(planFor(serviceAccount('repairer', {}, { labels: others })), { delete: [] })
})

t.test('reads account and pull Secrets live, the latter without their values', async t => {
  const lookups = controller.lookups?.(
    agentAccount('repairer', { imagePullSecrets: ['registry'] }),
    cluster(),
  )
  t.strictSame(
    lookups?.map(({ kind, name, part }) => [kind.kind, name, part]),
    [
      ['ServiceAccount', 'repairer', undefined],
      ['Secret', 'registry', 'keys'],
    ],
  )
  t.equal(controller.lookups?.(agentAccount(), cluster()).length, 1)
  const [watch] = controller.watches
  t.strictSame(watch?.toOwners(serviceAccount(), cluster()), [
    { name: 'repairer', namespace: 'kradle-org-acme' },
  ])
  t.strictSame(watch?.toOwners(serviceAccount('x', {}, { namespace: '' }), cluster()), [
    { name: 'x' },
  ])
})
