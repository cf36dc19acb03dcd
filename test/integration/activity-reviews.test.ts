import { Registry } from 'prom-client'
import t from 'tap'
import type { PullRequest } from '#src/api/activity/v1alpha1.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { AgentPermissionReview, RefUpdateReview } from '#src/api/reviews/v1alpha1.ts'
import { RoleBinding } from '#src/api/rbac/v1.ts'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { openStorage } from '#src/apiserver/storage/open.ts'
import { createLog } from '#src/lib/log.ts'
import { mapping, user } from '#test/fixtures-identity.ts'
import { persona } from '#test/support/people.ts'
import { createOrganization, running, until, withActivity } from '#test/support/running.ts'

// Both reviews as people ask them: with kubectl, through kube-aggregator, against policies that are there.

const NAMESPACE = 'kradle-org-acme'
const KRADLE = 'kradle.a5c.ai/v1alpha1'
const ACTIVITY = 'activity.kradle.a5c.ai/v1alpha1'
const PATH = `/apis/${ACTIVITY}/namespaces/${NAMESPACE}`
const A = 'a'.repeat(40)
const B = 'b'.repeat(40)
const NONE = '0'.repeat(40)

const { client, kubectl, database } = await running(t, { processes: withActivity })
const resources = readDefinitions('crds/activity')
const storage = openStorage({
  url: database!.url,
  log: createLog('test', 'error'),
  registry: new Registry(),
})
t.teardown(() => storage.close())
await createOrganization(client, 'acme')

const meta = (name: string) => ({ name, namespace: NAMESPACE })
const object = (kind: string, name: string, spec: object, apiVersion = KRADLE) => ({
  apiVersion,
  kind,
  metadata: meta(name),
  spec: { organizationRef: 'acme', ...spec },
})
/** Creates objects as cluster-admin. */
async function created(...items: object[]): Promise<void> {
  const { code, stderr } = await kubectl(['create', '-f', '-'], {
    apiVersion: 'v1',
    kind: 'List',
    items,
  })
  if (code !== 0) throw new Error(stderr)
}

const people = ['viewer', 'member', 'maintainer', 'admin']
for (const name of people)
  await client.create(RoleBinding, persona(name, `kradle-${name}`, NAMESPACE))
const names = ['keeper', 'teammate', 'gone', 'viewer', 'member']
await created(
  ...names.flatMap(name => [
    object('User', name, user(name).spec),
    object('IdentityMapping', name, mapping(name).spec),
  ]),
  object('Team', 'owners', { displayName: 'owners', members: ['teammate'] }),
  object('Repository', 'app', { visibility: 'private', refPolicyRef: 'strict' }),
  object('Repository', 'lib', { visibility: 'private' }),
  object('RefPolicy', 'everywhere', {
    denyRules: [
      {
        name: 'releases',
        refs: ['refs/tags/v*'],
        operations: ['update', 'delete'],
        message: 'tag anew',
      },
    ],
  }),
  object('RefPolicy', 'strict', { repositories: [], forcePushPolicy: 'deny' }),
  object('RefPolicy', 'for-lib', {
    repositories: ['lib'],
    forcePushPolicy: 'allowWithReview',
    signingPolicy: 'required',
    linearHistoryPolicy: 'required',
  }),
  object('BranchProtection', 'main', { repository: 'app', refs: ['main'], requiredReviews: 1 }),
  object('BranchProtection', 'bound', {
    refs: ['refs/heads/release/*'],
    enforceAdmins: true,
    requirePullRequest: false,
  }),
)
await created(
  object('RepositoryPermission', 'keeper', {
    repository: 'app',
    subject: { kind: 'user', name: 'keeper' },
    permission: 'admin',
  }),
  object('RepositoryPermission', 'owners', {
    repository: 'app',
    subject: { kind: 'team', name: 'owners' },
    permission: 'admin',
  }),
  object('RepositoryPermission', 'member', {
    repository: 'app',
    subject: { kind: 'user', name: 'member' },
    permission: 'write',
  }),
)
for (const [name, approvals] of [
  ['ready', 1],
  ['early', 0],
] as const) {
  const source = { ref: `topic-${name}` }
  const spec = { repository: 'app', title: name, source, target: { ref: 'main' } }
  await created(object('PullRequest', name, spec, ACTIVITY))
  await observed(name, { phase: 'Open', approvals: 1, head: { commit: B } })
  const flags = ['--namespace', NAMESPACE, '--type=merge', '--patch={"spec":{"merge":{}}}']
  const { stderr } = await kubectl(['patch', 'kpr', name, ...flags])
  if (stderr !== '') throw new Error(stderr)
  await observed(name, { phase: 'Open', approvals, head: { commit: B } })
}

/** Writes the status of a pull request past the API, which lets nobody yet. */
async function observed(name: string, status: PullRequest['status'] & object): Promise<void> {
  const resource = resources.find(({ kind }) => kind.kind === 'PullRequest')!
  const { json, resourceVersion } = (await storage.store.get(resource, meta(name)))!
  const stored = { ...(JSON.parse(json) as UnknownObject), status: { ...status } }
  await storage.store.write(resource, { type: 'update', object: stored, expected: resourceVersion })
}

type Update = Partial<RefUpdateReview['spec']['updates'][number]>
const push: Update = {
  ref: 'refs/heads/topic',
  oldCommit: A,
  newCommit: B,
  fastForward: true,
  signed: 'verified',
  mergeCommits: false,
}
const question = (
  repository: string,
  updates: Update[],
  more: object = {},
): Question<RefUpdateReview> => ({
  apiVersion: ACTIVITY,
  kind: 'RefUpdateReview',
  metadata: { namespace: NAMESPACE },
  spec: { repository, updates: updates.map(update => ({ ...push, ...update })), ...more },
})

interface Question<T = unknown> {
  readonly apiVersion: string
  readonly kind: string
  readonly spec: object
  /** What comes back; for the type checker alone. */
  readonly shape?: T
  readonly metadata: { readonly namespace: string }
}

/** Without asking for the OpenAPI of the whole cluster first, as kubectl does for what cannot be patched. */
async function ask<T>(who: string, body: Question<T>, query = '') {
  const as = who === 'cluster-admin' ? [] : ['--as', who]
  const { kind, metadata } = body
  const at = `/apis/${ACTIVITY}/namespaces/${metadata.namespace}/${kind.toLowerCase()}s${query}`
  const said = await kubectl(['create', '--raw', at, '-f', '-', ...as], body)
  return { ...said, answer: said.code === 0 ? (JSON.parse(said.stdout) as T) : undefined }
}

/** `kind name rule field` of each reason, or what was said instead of an answer. */
async function reasons(who: string, repository: string, update: Update, more?: object) {
  const { answer, stderr } = await ask(who, question(repository, [update], more))
  if (!answer) return stderr
  const [result] = answer.status!.results
  const passed = result!.passedAsAdmin?.map(name => `passed ${name}`) ?? []
  const said = (result!.reasons ?? []).map(
    ({ policy, rule, field }) => `${policy.kind} ${policy.name} ${rule} ${field}`,
  )
  // Thrown, as it is asked before the first test too.
  const isAllowed = said.length === 0
  if (result!.allowed !== isAllowed || answer.status!.allowed !== isAllowed)
    throw new Error(`${repository} ${JSON.stringify(update)}: ${JSON.stringify(answer.status)}`)
  return [...said, ...passed].join('; ')
}

await until(
  'the watches have seen everything',
  async () =>
    (await reasons('cluster-admin', 'app', { ref: 'main' })).startsWith('BranchProtection') &&
    (await reasons('cluster-admin', 'app', { ref: 'main' }, { actor: { user: 'teammate' } })) ===
      'passed main',
)

const direct = 'BranchProtection main R74 spec.requirePullRequest'
const cases: [who: string, repository: string, Update, says: string, actor?: object][] = [
  ['member', 'app', {}, ''],
  ['member', 'app', { ref: 'refs/tags/v1', oldCommit: NONE }, ''],
  ['member', 'app', { ref: 'refs/tags/v1' }, 'RefPolicy everywhere R72 spec.denyRules[0]'],
  [
    'member',
    'lib',
    { ref: 'refs/tags/v1', newCommit: NONE },
    'RefPolicy everywhere R72 spec.denyRules[0]',
  ],
  ['member', 'app', { fastForward: false }, 'RefPolicy strict R72 spec.forcePushPolicy'],
  ['cluster-admin', 'app', { fastForward: false }, 'RefPolicy strict R72 spec.forcePushPolicy'],
  ['member', 'lib', { fastForward: false }, 'RefPolicy for-lib R72 spec.forcePushPolicy'],
  ['member', 'lib', { signed: 'none' }, 'RefPolicy for-lib R72 spec.signingPolicy'],
  ['member', 'lib', { mergeCommits: true }, 'RefPolicy for-lib R72 spec.linearHistoryPolicy'],
  ['member', 'app', { ref: 'main' }, direct],
  ['member', 'app', { ref: 'main', pullRequest: 'ready' }, ''],
  [
    'member',
    'app',
    { ref: 'main', pullRequest: 'early' },
    'BranchProtection main R76 spec.requiredReviews',
  ],
  ['member', 'app', { ref: 'main', pullRequest: 'absent' }, direct],
  ['member', 'lib', { ref: 'main' }, ''],
  [
    'member',
    'app',
    { ref: 'main', newCommit: NONE },
    'BranchProtection main R73 spec.allowDeletion',
  ],
  ['cluster-admin', 'app', { ref: 'main' }, direct],
  ['admin', 'app', { ref: 'main' }, direct],
  ['admin', 'app', { ref: 'main' }, 'passed main', { username: 'keeper' }],
  ['admin', 'app', { ref: 'main' }, 'passed main', { user: 'teammate' }],
  ['admin', 'app', { ref: 'main' }, direct, { username: 'member' }],
  [
    'admin',
    'app',
    { ref: 'main', fastForward: false },
    'RefPolicy strict R72 spec.forcePushPolicy; passed main',
    { username: 'keeper' },
  ],
  [
    'admin',
    'app',
    { ref: 'release/1', newCommit: NONE },
    'BranchProtection bound R73 spec.allowDeletion',
    { username: 'keeper' },
  ],
  ['viewer', 'app', {}, '', { username: 'viewer' }],
  ['viewer', 'app', {}, '', { user: 'viewer' }],
  ['viewer', 'elsewhere', {}, 'Repository elsewhere R71 metadata.name'],
]
for (const [who, repository, update, says, actor] of cases)
  t.test(`${who} ${repository} ${JSON.stringify({ ...update, ...actor })}`, async t => {
    t.equal(await reasons(who, repository, update, actor && { actor }), says)
  })

t.test('of several updates each has its answer', async t => {
  const { answer } = await ask(
    'member',
    question('app', [{}, { ref: 'main' }, { ref: 'refs/tags/v1' }]),
  )
  t.match(answer!.status, {
    allowed: false,
    results: [
      { ref: 'refs/heads/topic', allowed: true },
      { ref: 'main', allowed: false, reasons: [{ message: /open one$/ }] },
      { ref: 'refs/tags/v1', allowed: false, reasons: [{ message: /: tag anew$/ }] },
    ],
  })
  t.notOk(answer!.metadata.name)
  t.notOk(answer!.metadata.uid)
})

t.test('about somebody else only with the verb, and not from outside', async t => {
  for (const who of ['viewer', 'member', 'maintainer'])
    t.match(
      await reasons(who, 'app', {}, { actor: { username: 'keeper' } }),
      `refupdatereviews.activity.kradle.a5c.ai "app" is forbidden: User "${who}" cannot review resource "refupdatereviews"`,
    )
  t.match(
    await reasons('stranger', 'app', {}),
    'User "stranger" cannot create resource "refupdatereviews"',
  )
})

t.test('is read as strictly as what is stored', async t => {
  const wrong: [body: Question, says: RegExp][] = [
    [
      { ...question('app', [{}]), metadata: { ...meta('x') } },
      /must be empty except for namespace/,
    ],
    [question('app', []), /spec.updates in body should have at least 1 items/],
    [question('app', [{ ref: 'a//b' }]), /is a name that git gives no ref/],
    [question('app', [{}, {}]), /Duplicate value/],
    [question('app', [{ newCommit: 'x' }]), /spec.updates\[0\].newCommit/],
    [question('app', [{}], { actor: {} }), /he is known by one name/],
    [
      question('app', [{}], { colour: 'red' }),
      /strict decoding error: unknown field "spec.colour"/,
    ],
    [
      question('app', [{ signed: 'maybe' as 'none' }]),
      /supported values: "verified", "wrong", "none"/,
    ],
  ]
  for (const [body, says] of wrong)
    t.match((await ask('member', body, '?fieldValidation=Strict')).stderr, says)
  const elsewhere = { ...question('app', [{}]), metadata: { namespace: 'nowhere' } }
  t.match((await ask('cluster-admin', elsewhere)).stderr, /namespaces "nowhere" not found/)
})

t.test('dry, and as people ask', async t => {
  const body = question('app', [{ ref: 'main' }])
  const dry = await ask('member', body, '?dryRun=All')
  t.match(dry.answer, { status: { allowed: false } }, dry.stderr)
  const flags = ['create', '-f', '-', '-o', 'yaml']
  // For what cannot be patched, kubectl looks through all definitions before it validates, and few people may.
  const yaml = await kubectl([...flags, '--validate=false', '--as', 'member'], body)
  t.match(
    yaml.stdout,
    /^status:\n {2}allowed: false\n {2}results:\n {2}- allowed: false$/m,
    yaml.stderr,
  )
  const wrong = await kubectl(flags, question('app', [{}], { colour: 'red' }))
  t.match(wrong.stderr, /unknown field "colour"/, wrong.stderr)
})

t.test('nothing is there to be read, as of a SubjectAccessReview', async t => {
  const local = `/apis/authorization.k8s.io/v1/namespaces/${NAMESPACE}/localsubjectaccessreviews`
  const methods = [['get'], ['delete'], ['replace', '-f', '-']]
  for (const plural of ['refupdatereviews', 'agentpermissionreviews'])
    for (const path of [`${PATH}/${plural}`, `${PATH}/${plural}/x`, `/apis/${ACTIVITY}/${plural}`])
      for (const [verb = '', ...flags] of methods) {
        const theirs = path
          .replace(`${PATH}/${plural}`, local)
          .replace(
            `/apis/${ACTIVITY}/${plural}`,
            '/apis/authorization.k8s.io/v1/localsubjectaccessreviews',
          )
        const asked = (at: string) => kubectl([verb, '--raw', at, ...flags], '{}')
        const [ours, real] = await Promise.all([asked(path), asked(theirs)])
        t.equal(ours.stderr, real.stderr, `${verb} ${path}`)
        t.equal(ours.code, 1)
      }
  const listed = await kubectl(['get', 'refupdatereviews', '-n', NAMESPACE])
  t.match(listed.stderr, /MethodNotAllowed/)
})

t.test('kubectl knows them', async t => {
  const { stdout } = await kubectl(['explain', 'refupdatereview.spec'])
  t.match(stdout, /KIND: +RefUpdateReview/)
  t.match(stdout, /updates\t<\[\]Object> -required-/)
  const found = await kubectl(['api-resources', '--api-group=activity.kradle.a5c.ai', '-o', 'wide'])
  // In no category: `kubectl get kradle` would ask for a list that nobody can have.
  t.match(found.stdout, /refupdatereviews .* RefUpdateReview +create *$/m)
  t.match(found.stdout, /agentpermissionreviews .* AgentPermissionReview +create *$/m)
})

const stackQuestion = (agentStack: string, more: object = {}): Question<AgentPermissionReview> => ({
  apiVersion: ACTIVITY,
  kind: 'AgentPermissionReview',
  metadata: { namespace: NAMESPACE },
  spec: { agentStack, ...more },
})

t.test('what a stack lacks, and what it has then', async t => {
  const trusted = {
    ref: 'refs/heads/main',
    trigger: { repository: 'app', source: 'ci', trustTier: 'trusted' },
  }
  await created(
    object('AgentServiceAccount', 'repairer', {
      namespace: NAMESPACE,
      serviceAccountName: 'repairer',
      purpose: 'agent',
    }),
    object('AgentStack', 'repairer', {
      baseAgent: 'claude-code',
      adapter: 'agent-mux.claude-code',
      model: 'm',
      runtimeIdentity: { serviceAccountRef: 'repairer' },
      permissionRefs: { secretGrants: ['model'] },
    }),
    { apiVersion: 'v1', kind: 'Secret', metadata: meta('model'), stringData: { token: 'x' } },
  )
  const asked = (who: string, more: object = trusted) => ask(who, stackQuestion('repairer', more))
  await until('the account is seen', async () =>
    (await asked('viewer')).answer?.status?.results.some(
      ({ requirement, answer }) => requirement.kind === 'account' && answer === 'allowed',
    ),
  )
  const lacking = await asked('viewer')
  t.match(lacking.answer!.status, {
    allowed: false,
    result: 'missingGrant',
    results: [
      {
        requirement: { kind: 'secret', name: 'model' },
        answer: 'missingGrant',
        rule: 'R65',
        manifest: /AgentSecretGrant/,
      },
      { requirement: { kind: 'account', name: 'repairer' }, answer: 'allowed' },
    ],
  })
  await created(
    object('AgentSecretGrant', 'model', {
      subject: { kind: 'agent-stack', name: 'repairer' },
      secretRef: { name: 'model', keys: ['token'] },
      purpose: 'model-provider',
      requiredApproval: 'on-untrusted-ref',
    }),
  )
  await until('the grant is seen', async () => (await asked('viewer')).answer?.status?.allowed)
  t.match((await asked('viewer', {})).answer!.status, {
    allowed: false,
    result: 'requiresApproval',
    results: [{ requirement: { key: 'token' }, grant: 'model' }, {}],
  })
  t.match((await asked('stranger')).stderr, /cannot create resource "agentpermissionreviews"/)
  await created(
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: meta('asks'),
      rules: [
        {
          apiGroups: ['activity.kradle.a5c.ai'],
          resources: ['agentpermissionreviews'],
          verbs: ['create'],
        },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: meta('asks'),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'asks' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'asker' }],
    },
  )
  t.match(
    (await asked('asker')).stderr,
    /agentstacks.kradle.a5c.ai "repairer" is forbidden: User "asker" cannot get resource "agentstacks"/,
  )
  const absent = await ask('viewer', stackQuestion('nobody'))
  t.match(absent.stderr, /agentstacks.kradle.a5c.ai "nobody" not found/)
})
