import { readFileSync } from 'node:fs'
import t from 'tap'
import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { ConfigMap, Event, ServiceAccount, type Secret } from '#src/api/core/v1.ts'
import { Repository } from '#src/api/data-plane/v1alpha1.ts'
import {
  AgentConfigGrant,
  AgentRoleBinding,
  AgentSecretGrant,
  AgentServiceAccount,
} from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { ClusterRole, Role, RoleBinding } from '#src/api/rbac/v1.ts'
import { permissionsOf, roleTemplates, textOf } from '#src/permissions/role-templates.ts'
import {
  agentAccount,
  agentStack,
  configGrant,
  roleBinding,
  secretGrant,
} from '#test/fixtures-agents.ts'
import { thing } from '#test/fixtures-references.ts'
import { createOrganization, running, until } from '#test/support/running.ts'
import { reports } from '#test/support/says.ts'

const { kubectl, client, kradle } = await running(t)
await createOrganization(client, 'acme')

const NAMESPACE = 'kradle-org-acme'
const CONTROLLER = 'system:serviceaccount:kradle-system:grants-controller'

/** The object as a person writes it: the API server gives it its uid. */
const fresh = <T extends KubernetesObject>(object: T, name = object.metadata.name): T => ({
  ...object,
  metadata: { name, namespace: NAMESPACE },
})
const create = <T extends KubernetesObject>(kind: Kind<T>, object: T, name?: string) =>
  client.create(kind, fresh(object, name))

const { conditionsOf, says, messageOf } = reports(client, NAMESPACE)

const ready = (kind: Kind, name: string) => says(kind, name, 'Ready', 'Ready=True Ready')

/** Whether the authorizer lets an account of acme do this in acme. */
async function may(account: string, verb: string, group: string, resource: string) {
  const [plural, subresource] = resource.split('/')
  const review = await client.raw<{ status: { allowed: boolean } }>({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: {
        user: `system:serviceaccount:${NAMESPACE}:${account}`,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${NAMESPACE}`],
        resourceAttributes: { namespace: NAMESPACE, verb, group, resource: plural, subresource },
      },
    },
  })
  return review.status.allowed
}

/** Has a controller look at an object again, whatever it waits for. */
const touch = (kind: Kind, name: string) =>
  client.mergePatch(
    kind,
    { name, namespace: NAMESPACE },
    { metadata: { annotations: { touched: String(Date.now()) } } },
  )

/** Changes a projection as nobody but its controller may. */
const tamper = async (what: string, operations: object[]) => {
  const { code, stderr } = await kubectl([
    'patch',
    what,
    '-n',
    NAMESPACE,
    '--as',
    CONTROLLER,
    // kubectl reads first what it patches.
    '--as-group=system:masters',
    '--type=json',
    '-p',
    JSON.stringify(operations),
  ])
  if (code !== 0) throw new Error(stderr)
}

await create(AgentServiceAccount, agentAccount('repairer'))
await ready(AgentServiceAccount, 'repairer')

t.test('an account is made, and its Pods get no token', async t => {
  const spec = { tokenAudience: 'vault', tokenExpirationSeconds: 900 }
  await create(AgentServiceAccount, agentAccount('tokens', spec))
  await ready(AgentServiceAccount, 'tokens')
  const owner = await client.get(AgentServiceAccount, 'tokens', NAMESPACE)
  t.match(await client.get(ServiceAccount, 'tokens', NAMESPACE), {
    automountServiceAccountToken: false,
    metadata: {
      labels: {
        'kradle.a5c.ai/org': 'acme',
        'kradle.a5c.ai/owner-uid': owner?.metadata.uid,
        'app.kubernetes.io/managed-by': 'kradle',
      },
      annotations: {
        'kradle.a5c.ai/token-audience': 'vault',
        'kradle.a5c.ai/token-expiration-seconds': '900',
      },
      ownerReferences: [{ kind: 'AgentServiceAccount', uid: owner?.metadata.uid }],
    },
  })
  await tamper('serviceaccount/tokens', [
    { op: 'replace', path: '/automountServiceAccountToken', value: true },
  ])
  await until('the token is off again', async () => {
    const account = await client.get(ServiceAccount, 'tokens', NAMESPACE)
    return account?.automountServiceAccountToken === false
  })
  await tamper('serviceaccount/tokens', [
    { op: 'add', path: '/imagePullSecrets', value: [{ name: 'stolen' }] },
  ])
  await says(
    AgentServiceAccount,
    'tokens',
    'Error',
    'ServiceAccountSynced=False DriftEscalates',
    'Ready=False DriftEscalates',
  )
  t.match(await messageOf(AgentServiceAccount, 'tokens', 'Ready'), '"stolen"')
  const left = await client.get(ServiceAccount, 'tokens', NAMESPACE)
  t.strictSame(left?.imagePullSecrets, [{ name: 'stolen' }], 'and left')
  await kubectl(['delete', 'serviceaccount', 'tokens', '-n', NAMESPACE, '--as', CONTROLLER])
  await ready(AgentServiceAccount, 'tokens')
  const anew = await client.get(ServiceAccount, 'tokens', NAMESPACE)
  t.equal(anew?.imagePullSecrets, undefined)
})

t.test('pull Secrets are waited for', async t => {
  const spec = { imagePullSecrets: ['registry'] }
  await create(AgentServiceAccount, agentAccount('puller', spec))
  await says(AgentServiceAccount, 'puller', 'Pending', 'ImagePullSecretsReady=False SecretMissing')
  const account = await client.get(ServiceAccount, 'puller', NAMESPACE)
  t.strictSame(account?.imagePullSecrets, [{ name: 'registry' }])
  await client.mergePatch(
    AgentServiceAccount,
    { name: 'puller', namespace: NAMESPACE },
    { spec: { imagePullSecrets: null } },
  )
  await ready(AgentServiceAccount, 'puller')
  const after = await client.get(ServiceAccount, 'puller', NAMESPACE)
  t.equal(after?.imagePullSecrets, undefined, 'what is declared no more is taken away')
})

t.test('an account that somebody else made is not touched', async t => {
  // Both are there before the controller is: what refuses the later one sees one at a time.
  await kradle.kill('grants-controller', 'SIGTERM')
  await create(AgentServiceAccount, agentAccount('builder'))
  const account: ServiceAccount = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'builder', namespace: NAMESPACE },
  }
  const before = await client.create(ServiceAccount, account)
  await kradle.restart('grants-controller')
  await says(
    AgentServiceAccount,
    'builder',
    'Blocked',
    'ServiceAccountSynced=False ServiceAccountNotOurs',
  )
  const subject = { kind: 'agent-service-account', name: 'builder' } as const
  await create(AgentRoleBinding, roleBinding({ subject }), 'builds')
  await says(AgentRoleBinding, 'builds', 'Blocked', 'SubjectsResolved=False ServiceAccountNotOurs')
  t.strictSame(await client.get(ServiceAccount, 'builder', NAMESPACE), before)
  t.notOk(await client.get(RoleBinding, 'kradle-agent-builds', NAMESPACE), 'and gets no role')
})

t.test('each template is projected, and is all that the account may', async t => {
  const names = Object.keys(roleTemplates)
  await Promise.all(
    names.map(async name => {
      await create(AgentServiceAccount, agentAccount(name))
      const subject = { kind: 'agent-service-account', name } as const
      const roleRef = { kind: 'RoleTemplate', name } as const
      await create(AgentRoleBinding, roleBinding({ subject, roleRef }), name)
    }),
  )
  const every = permissionsOf(Object.values(roleTemplates).flat())
  const never = permissionsOf([
    { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch', 'create'] },
    { apiGroups: [''], resources: ['pods', 'pods/exec'], verbs: ['create'] },
    { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] },
    { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['patch'] },
  ])
  for (const name of names) {
    await says(
      AgentRoleBinding,
      name,
      'Ready',
      'RoleResolved=True Compiled',
      'SubjectsResolved=True Resolved',
      'NativeBindingSynced=True Synced',
      'EscalationAdmitted=True Admitted',
    )
    const held = new Set(permissionsOf(roleTemplates[name] ?? []).map(textOf))
    // The authorizer hears of a new binding through a watch of its own.
    const [first] = permissionsOf(roleTemplates[name] ?? [])
    await until(`${name} is in force`, () => may(name, first!.verb, first!.group, first!.resource))
    for (const permission of [...every, ...never]) {
      const { verb, group, resource } = permission
      const text = textOf(permission)
      if ((await may(name, verb, group, resource)) !== held.has(text))
        t.fail(`${name}: ${text} is ${held.has(text) ? 'refused' : 'allowed'}`)
    }
    t.pass(name)
  }
  const as = ['--as', `system:serviceaccount:${NAMESPACE}:ci-diagnoser`, '-n', NAMESPACE]
  t.match(await kubectl(['auth', 'can-i', 'get', 'pods', '--subresource=log', ...as]), {
    stdout: /^yes/,
  })
  t.match(await kubectl(['auth', 'can-i', 'get', 'secrets', ...as]), { stdout: /^no/ })
})

t.test('a template within repositories is kept to them', async t => {
  const roleRef = { kind: 'RoleTemplate', name: 'repository-repair' } as const
  const scope = { kind: 'repository', repositories: ['web', 'api'] } as const
  await create(
    AgentRoleBinding,
    roleBinding({ roleRef, scope: { ...scope, repositories: [...scope.repositories] } }),
    'narrow',
  )
  await says(AgentRoleBinding, 'narrow', 'Ready', 'RoleResolved=True Narrowed')
  t.match((await client.get(Role, 'kradle-agent-narrow', NAMESPACE))?.rules, [
    { resources: ['repositories'], resourceNames: ['web', 'api'] },
  ])
  t.match(await messageOf(AgentRoleBinding, 'narrow', 'RoleResolved'), /left out: .*pullrequests/)
})

t.test('what a projection lacks is put back', async t => {
  await create(AgentRoleBinding, roleBinding(), 'lacking')
  await ready(AgentRoleBinding, 'lacking')
  const rules = async () => (await client.get(Role, 'kradle-agent-lacking', NAMESPACE))?.rules
  const before = await rules()
  await tamper('role/kradle-agent-lacking', [{ op: 'replace', path: '/rules', value: [] }])
  await until('the rules are back', async () => (await rules())?.length === before?.length)
  await tamper('rolebinding/kradle-agent-lacking', [{ op: 'remove', path: '/subjects/0' }])
  await until('the subject is back', async () => {
    const binding = await client.get(RoleBinding, 'kradle-agent-lacking', NAMESPACE)
    return binding?.subjects?.length === 1
  })
  const as = ['--as', CONTROLLER]
  await kubectl(['delete', 'rolebinding', 'kradle-agent-lacking', '-n', NAMESPACE, ...as])
  await until('the binding is back', () =>
    client.get(RoleBinding, 'kradle-agent-lacking', NAMESPACE),
  )
  await says(AgentRoleBinding, 'lacking', 'Ready', 'NativeBindingSynced=True Synced')
  t.strictSame(await rules(), before)
})

t.test('what a projection has too much is reported and stays until a person acts', async t => {
  await create(AgentRoleBinding, roleBinding(), 'excess')
  await ready(AgentRoleBinding, 'excess')
  await tamper('role/kradle-agent-excess', [
    {
      op: 'add',
      path: '/rules/-',
      value: { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
    },
  ])
  await says(
    AgentRoleBinding,
    'excess',
    'Error',
    'NativeBindingSynced=False DriftEscalates',
    'Ready=False DriftEscalates',
  )
  await tamper('rolebinding/kradle-agent-excess', [
    {
      op: 'add',
      path: '/subjects/-',
      value: { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'eve' },
    },
  ])
  await until('both are named', async () =>
    /get pods\/log, subject User "eve"/.test(
      await messageOf(AgentRoleBinding, 'excess', 'NativeBindingSynced'),
    ),
  )
  const binding = await client.get(RoleBinding, 'kradle-agent-excess', NAMESPACE)
  t.equal(binding?.subjects?.length, 2, 'and left')
  await kubectl([
    'delete',
    'role,rolebinding',
    'kradle-agent-excess',
    '-n',
    NAMESPACE,
    '--as',
    CONTROLLER,
  ])
  await ready(AgentRoleBinding, 'excess')
  const anew = await client.get(RoleBinding, 'kradle-agent-excess', NAMESPACE)
  t.equal(anew?.subjects?.length, 1, 'made anew')
})

t.test('another subject is a wish, not drift', async t => {
  await create(AgentServiceAccount, agentAccount('second'))
  await create(AgentRoleBinding, roleBinding(), 'moving')
  await ready(AgentRoleBinding, 'moving')
  const target = { name: 'moving', namespace: NAMESPACE }
  await client.mergePatch(AgentRoleBinding, target, { spec: { subject: { name: 'second' } } })
  await until('the other account is bound', async () => {
    const binding = await client.get(RoleBinding, 'kradle-agent-moving', NAMESPACE)
    return binding?.subjects?.length === 1 && binding.subjects[0]?.name === 'second'
  })
  await ready(AgentRoleBinding, 'moving')
  await kubectl(['delete', 'agentserviceaccount', 'second', '-n', NAMESPACE])
  await says(
    AgentRoleBinding,
    'moving',
    'Pending',
    'SubjectsResolved=False AgentServiceAccountMissing',
  )
  await until(
    'nobody is bound any more',
    async () => !(await client.get(RoleBinding, 'kradle-agent-moving', NAMESPACE)),
  )
  t.pass()
})

t.test('a role that comes to hold what nobody is lent is bound no more', async t => {
  const role = ['clusterrole', 'looks', '--resource=pods/log']
  await kubectl(['create', ...role, '--verb=get'])
  const roleRef = { kind: 'ClusterRole', name: 'looks' } as const
  await create(AgentRoleBinding, roleBinding({ roleRef }), 'looks')
  await ready(AgentRoleBinding, 'looks')
  await until('it is in force', () => may('repairer', 'get', '', 'pods/log'))
  const secrets = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] }
  await client.mergePatch(ClusterRole, { name: 'looks' }, { rules: [secrets] })
  await touch(AgentRoleBinding, 'looks')
  await says(
    AgentRoleBinding,
    'looks',
    'Blocked',
    'RoleResolved=False RoleForbidden',
    'Ready=False RoleForbidden',
  )
  t.match(await messageOf(AgentRoleBinding, 'looks', 'Ready'), /get secrets; .*R44/)
  t.notOk(await client.get(RoleBinding, 'kradle-agent-looks', NAMESPACE))
  await client.delete(ClusterRole, 'looks')
  await touch(AgentRoleBinding, 'looks')
  await says(AgentRoleBinding, 'looks', 'Pending', 'RoleResolved=False RoleMissing')
})

t.test('what the API server refuses is said in its words, and not tried all the time', async t => {
  await kubectl(['create', 'clusterrole', 'services', '--verb=create', '--resource=services'])
  const roleRef = { kind: 'ClusterRole', name: 'services' } as const
  await create(AgentRoleBinding, roleBinding({ roleRef }), 'refused')
  await says(
    AgentRoleBinding,
    'refused',
    'Blocked',
    'RoleResolved=True Found',
    'EscalationAdmitted=False EscalationRefused',
    'NativeBindingSynced=False EscalationRefused',
    'Ready=False EscalationRefused',
  )
  t.match(
    await messageOf(AgentRoleBinding, 'refused', 'EscalationAdmitted'),
    /^The API server refuses RoleBinding "kradle-agent-refused": .*attempting to grant RBAC permissions not currently held/,
  )
  const lines = readFileSync(kradle.log('grants-controller'), 'utf8').split('\n')
  const tries = lines.filter(line => line.includes('kradle-agent-refused'))
  t.ok(tries.length > 0 && tries.length <= 3, `${tries.length} tries`)
  const held = { kind: 'ClusterRole', name: 'logs' } as const
  await kubectl(['create', 'clusterrole', 'logs', '--verb=get', '--resource=pods/log'])
  await create(AgentRoleBinding, roleBinding({ roleRef: held }), 'held')
  await ready(AgentRoleBinding, 'held')
  await until('it is in force', () => may('repairer', 'get', '', 'pods/log'))
})

t.test('a Role that somebody else made is not touched', async t => {
  const role: Role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'kradle-agent-foreign', namespace: NAMESPACE },
    rules: [],
  }
  const before = await client.create(Role, role)
  await create(AgentRoleBinding, roleBinding(), 'foreign')
  await says(AgentRoleBinding, 'foreign', 'Blocked', 'NativeBindingSynced=False NotOurs')
  t.strictSame(await client.get(Role, 'kradle-agent-foreign', NAMESPACE), before)
  t.notOk(await client.get(RoleBinding, 'kradle-agent-foreign', NAMESPACE))
})

const CANARY = 'canary-4711-do-not-tell'

const secret = (name: string, keys: readonly string[]): Secret & { stringData: object } => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: NAMESPACE },
  stringData: Object.fromEntries(keys.map(key => [key, CANARY])),
})

t.test('a grant says whether Secret and keys are there, and whom it serves', async t => {
  await create(AgentStack, agentStack())
  // With its whole content in an annotation, as kubectl does it.
  t.match(await kubectl(['apply', '-f', '-'], secret('model', ['token'])), { code: 0 })
  await create(AgentSecretGrant, secretGrant({ rotationPolicy: { maxAgeDays: 30 } }))
  await says(
    AgentSecretGrant,
    'model',
    'Ready',
    'SecretExists=True SecretFound',
    'KeysExist=True KeysFound',
    'SubjectAuthorized=True SubjectExists',
    'PolicyAdmitted=True NoPolicy',
    'RotationCurrent=True Rotated',
    'Ready=True Ready',
  )
  const { status } = (await client.get(AgentSecretGrant, 'model', NAMESPACE))!
  t.strictSame(status?.consumers, [{ kind: 'AgentStack', name: 'repairer' }])
  t.match(status?.rotation, { lastRotatedAt: /Z$/, dueAt: /Z$/, overdue: false })

  const keys = ['token', 'region', 'user']
  await create(AgentSecretGrant, secretGrant({ secretRef: { name: 'model', keys } }), 'keys')
  await says(AgentSecretGrant, 'keys', 'Pending', 'KeysExist=False KeyMissing')
  t.match(await messageOf(AgentSecretGrant, 'keys', 'KeysExist'), /has no key "region", "user"$/)
  await create(AgentSecretGrant, secretGrant({ secretRef: { name: 'model', keys: [] } }), 'none')
  await says(AgentSecretGrant, 'none', 'Pending', 'KeysExist=False NoKeys')
})

t.test('a grant whose Secret is gone says so, and sees it come back', async t => {
  await create(AgentSecretGrant, secretGrant(), 'lost')
  await ready(AgentSecretGrant, 'lost')
  await kubectl(['delete', 'secret', 'model', '-n', NAMESPACE])
  await touch(AgentSecretGrant, 'lost')
  await says(
    AgentSecretGrant,
    'lost',
    'Pending',
    'SecretExists=False SecretMissing',
    'KeysExist=False SecretMissing',
    'Ready=False SecretMissing',
  )
  await kubectl(['apply', '-f', '-'], secret('model', ['token']))
  await until(
    'it is looked at again',
    async () => (await conditionsOf(AgentSecretGrant, 'lost')).includes('Ready'),
    40,
  )
  t.pass()
})

t.test('a grant for nobody says so, until there is somebody', async t => {
  const subject = { kind: 'agent-stack', name: 'newcomer' } as const
  await create(AgentSecretGrant, secretGrant({ subject }), 'newcomers')
  await says(AgentSecretGrant, 'newcomers', 'SubjectAuthorized=False AgentStackMissing')
  const secretPolicy = { allowOnForks: false, allowedSecretRefs: ['other'] }
  await create(AgentStack, agentStack('newcomer', 'repairer', { secretPolicy }))
  await says(
    AgentSecretGrant,
    'newcomers',
    'Blocked',
    'SubjectAuthorized=True SubjectExists',
    'PolicyAdmitted=False SecretNotAllowed',
  )
  const target = { name: 'newcomer', namespace: NAMESPACE }
  await client.mergePatch(AgentStack, target, { spec: { secretPolicy: null } })
  await ready(AgentSecretGrant, 'newcomers')
  const runner = { subject: { kind: 'runner', name: 'any' } } as const
  await create(AgentSecretGrant, secretGrant({ ...runner, serviceAccountRef: 'default' }), 'people')
  await create(AgentSecretGrant, secretGrant({ ...runner, serviceAccountRef: 'repairer' }), 'mixed')
  await says(AgentSecretGrant, 'mixed', 'Blocked', 'SubjectAuthorized=False AgentAccount')
  // Nobody is there to make the account `default` but kube-controller-manager.
  await until('the account default is judged', async () =>
    (await conditionsOf(AgentSecretGrant, 'people')).some(text =>
      /SubjectAuthorized=(True SubjectExists|False ServiceAccountMissing)/.test(text),
    ),
  )
  t.pass()
})

t.test('a grant ends when it says', async t => {
  const expiresAt = new Date(Date.now() + 10_000).toISOString()
  await create(AgentSecretGrant, secretGrant({ expiresAt }), 'brief')
  await ready(AgentSecretGrant, 'brief')
  await says(AgentSecretGrant, 'brief', 'Expired', 'Ready=False Expired')
  t.ok(Date.now() >= Date.parse(expiresAt))
  const found = await client.get(AgentSecretGrant, 'brief', NAMESPACE)
  t.strictSame(
    found?.status?.conditions?.map(({ type }) => type),
    ['Ready'],
    'and there is nothing more to say of it',
  )
  t.equal(found?.status?.consumers, undefined)
})

t.test('a grant of a ConfigMap warns of keys that sound like a secret', async t => {
  const configMap: ConfigMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'linter', namespace: NAMESPACE },
    data: { 'settings.json': CANARY, 'api-key': CANARY },
  }
  await client.create(ConfigMap, configMap)
  await create(AgentConfigGrant, configGrant(), 'plain')
  await ready(AgentConfigGrant, 'plain')
  await says(AgentConfigGrant, 'plain', 'KeysNotSensitive=True NothingSensitive')
  const configMapRef = { name: 'linter', keys: ['settings.json', 'api-key'] }
  await create(AgentConfigGrant, configGrant({ configMapRef }), 'sensitive')
  await says(AgentConfigGrant, 'sensitive', 'Ready', 'KeysNotSensitive=False SensitiveKeys')
  t.match(await messageOf(AgentConfigGrant, 'sensitive', 'KeysNotSensitive'), /^"api-key": .*R61/)
})

t.test('a limit to a Repository that is yet to come is told until it is there', async t => {
  const limits = { allowedRepositories: ['later'] }
  await create(AgentServiceAccount, agentAccount('limited', limits))
  await create(AgentSecretGrant, secretGrant(limits), 'limited')
  const told = 'ReferencesResolved=False ReferenceMissing'
  for (const kind of [AgentServiceAccount, AgentSecretGrant])
    await says(kind, 'limited', 'Ready', 'Ready=True Ready', told)
  t.match(
    await messageOf(AgentSecretGrant, 'limited', 'ReferencesResolved'),
    /^spec\.allowedRepositories\[0\]: Repository "later" does not exist; .*R33/,
  )
  const spec = { organizationRef: 'acme', visibility: 'internal' }
  await create<KubernetesObject>(Repository, thing('later', spec, {}, Repository))
  for (const kind of [AgentServiceAccount, AgentSecretGrant])
    await says(kind, 'limited', 'Ready', 'ReferencesResolved=True AllResolved')
})

t.test('no value is told anywhere', async t => {
  const texts: Record<string, string> = {}
  for (const kind of [AgentSecretGrant, AgentConfigGrant, AgentServiceAccount, Event])
    texts[kind.plural] = JSON.stringify((await client.list<KubernetesObject>(kind)).items)
  texts['log'] = readFileSync(kradle.log('grants-controller'), 'utf8')
  for (const [where, text] of Object.entries(texts)) {
    t.ok(text.length > 100, where)
    for (const value of [CANARY, Buffer.from(CANARY).toString('base64')])
      t.notOk(text.includes(value), where)
  }
})
