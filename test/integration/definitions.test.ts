import { globSync, readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import type { Kind } from '#src/api/kind.ts'
import { kinds } from '#src/api/kinds.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { createOrganization, running } from '#test/support/running.ts'

// What the schemas say by themselves. Every row starts from the example of its kind, which is valid.
const { client, kubectl } = await running(t)
const namespace = 'kradle-org-acme'
await createOrganization(client, 'acme')
// Grants name these; their requester has to be able to read them.
for (const [kind, name, data] of [
  ['Secret', 'model', { token: 'eA==' }],
  ['ConfigMap', 'linter', { 'settings.json': '{}' }],
])
  await kubectl(['create', '-f', '-'], {
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace },
    data,
  })

type Example = KubernetesObject & { spec: Record<string, unknown> }

const examples = new Map<string, Example>(
  globSync('docs/examples/*.yaml')
    .map(file => parse(readFileSync(file, 'utf8')) as Example)
    .filter(({ metadata }) => metadata.namespace === namespace)
    .map(example => [example.kind, example]),
)
const kindOf = (name: string): Kind => kinds.find(({ kind }) => kind === name)!

/** The example of a kind under another name, with a field (dotted, from the spec on) set, or taken away where `value` is undefined. */
function changed(kind: string, path: string, value: unknown): Example {
  const object = structuredClone(examples.get(kind)!)
  object.metadata.name = 'other'
  if (kind === 'AgentServiceAccount') object.spec['serviceAccountName'] = 'other'
  const steps = path.split('.')
  const last = steps.pop()!
  let at = object.spec
  for (const step of steps) at = (at[step] ??= {}) as Record<string, unknown>
  if (value === undefined) delete at[last]
  else at[last] = value
  return object
}

/** What the API server says to it, '' where it would take it. */
const answer = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => '',
    (error: Error) => error.message,
  )
const tried = (object: Example): Promise<string> => {
  const kind = kindOf(object.kind)
  const creation = client.create<KubernetesObject>(kind, object)
  return answer(creation.then(({ metadata }) => client.delete(kind, metadata.name, namespace)))
}

t.test('the examples are taken as they are, again and in any order', async t => {
  t.equal(examples.size, kinds.filter(({ scope }) => scope === 'org').length)
  for (const example of [...examples.values()].toReversed())
    t.match(await kubectl(['apply', '-f', '-'], example), { code: 0, stderr: '' }, example.kind)
})

t.test('no kind of an organisation does without its required fields', async t => {
  const required: Record<string, string> = {
    Invite: 'email role',
    IdentityMapping: 'user provider subject',
    AuthProvider: 'type clientSecretRef.name clientSecretRef.key',
    AgentServiceAccount: 'namespace serviceAccountName',
    AgentRoleBinding:
      'subject subject.kind subject.name roleRef roleRef.kind roleRef.name scope scope.kind',
    AgentSecretGrant:
      'subject subject.kind subject.name purpose secretRef secretRef.name secretRef.keys',
    AgentConfigGrant:
      'subject subject.kind subject.name purpose configMapRef configMapRef.name configMapRef.keys',
    AgentStack:
      'baseAgent adapter runtimeIdentity runtimeIdentity.serviceAccountRef prompt.agentsDocRef.source prompt.agentsDocRef.path',
    RepositoryPermission: 'repository subject subject.kind subject.name permission',
  }
  for (const [kind, paths] of Object.entries(required))
    for (const path of paths.split(' ')) {
      const says = await tried(changed(kind, path, undefined))
      t.ok(says.includes(`spec.${path}: Required value`), `${kind} without ${path}: ${says}`)
    }
})

t.test('no enum takes a word of its own', async t => {
  const enums: Record<string, string> = {
    Invite: 'role',
    AuthProvider: 'type',
    AgentServiceAccount: 'purpose',
    AgentRoleBinding: 'subject.kind roleRef.kind scope.kind',
    AgentSecretGrant: 'subject.kind mountPolicy requiredApproval',
    AgentConfigGrant: 'subject.kind mountPolicy requiredApproval',
    AgentStack: 'approvalMode prompt.agentsDocRef.source',
    RepositoryPermission: 'subject.kind permission',
  }
  for (const [kind, paths] of Object.entries(enums))
    for (const path of paths.split(' ')) {
      const says = await tried(changed(kind, path, 'whatever'))
      t.ok(says.includes(`spec.${path}: Unsupported value: "whatever"`), `${kind} ${path}: ${says}`)
    }
})

/** Kind, field, value, and what the answer has to name. */
const refused: [kind: string, path: string, value: unknown, expect: RegExp][] = [
  ['Invite', 'email', 'nobody', /spec\.email: .*"nobody".*should match/],
  ['Invite', 'teams', ['core', 'core'], /spec\.teams\[1\]: Duplicate value: "core"/],
  ['Invite', 'expiresAt', 'soon', /spec\.expiresAt: .*"soon".*date-time/],
  ['Invite', 'acceptedBy', 'globex/jane', /spec\.acceptedBy: .*should match/],
  [
    'IdentityMapping',
    'subject',
    'system:masters',
    /spec\.subject: .*"system:masters" is an account of the cluster.*only people.*write the user name.*R42/,
  ],
  ['IdentityMapping', 'provider', 'Kubernetes', /spec\.provider: .*"Kubernetes".*should match/],
  ['AuthProvider', 'issuer', undefined, /spec\.issuer: .*"oidc" is found by it; write.*R46/],
  ['AuthProvider', 'issuer', 'http://login.example.com', /spec\.issuer: .*should match/],
  ['AuthProvider', 'issuer', 'https://me@login.example.com', /spec\.issuer: .*should match/],
  ['AuthProvider', 'issuer', 'https://login.example.com/?x', /spec\.issuer: .*should match/],
  ['AuthProvider', 'clientSecretRef.key', 'a b', /spec\.clientSecretRef\.key: .*should match/],
  [
    'AgentServiceAccount',
    'namespace',
    'kradle-org-globex',
    /spec\.namespace: .*"kradle-org-globex" is not the namespace of the organisation; write "kradle-org-acme" \(R43\)/,
  ],
  [
    'AgentServiceAccount',
    'serviceAccountName',
    'another',
    /spec\.serviceAccountName: .*account "another" has exactly one claim.*change the name of this one \(R43\)/,
  ],
  ['AgentServiceAccount', 'serviceAccountName', 'default', /"default" belongs to every Pod.*R43/],
  ['AgentServiceAccount', 'tokenExpirationSeconds', 599, /tokenExpirationSeconds: .*599/],
  ['AgentServiceAccount', 'tokenExpirationSeconds', 86401, /tokenExpirationSeconds: .*86401/],
  ['AgentServiceAccount', 'tokenExpirationSeconds', 0, /tokenExpirationSeconds: .*0/],
  [
    'AgentRoleBinding',
    'roleRef.name',
    'cluster-admin',
    /spec\.roleRef\.name: .*"cluster-admin" is no role template; choose one of readonly, .*approver \(R44\)/,
  ],
  [
    'AgentRoleBinding',
    'roleRef.kind',
    'ClusterRole',
    /spec\.scope\.kind: .*"repository" cannot be applied to a ClusterRole.*choose a RoleTemplate.*R44/,
  ],
  ...[undefined, []].map((none): [string, string, unknown, RegExp] => [
    'AgentRoleBinding',
    'scope.repositories',
    none,
    /spec\.scope\.repositories: .*"repository" names no repository.*list them \(R44\)/,
  ]),
  [
    'AgentRoleBinding',
    'scope.kind',
    'organization',
    /spec\.scope\.repositories: .*"app" does not narrow scope "organization"; write kind "repository".*R44/,
  ],
  ...['user', 'team', 'runner'].map((kind): [string, string, unknown, RegExp] => [
    'AgentSecretGrant',
    'subject.kind',
    kind,
    new RegExp(
      `spec\\.serviceAccountRef: .*subject "${kind}" uses a grant through an account only.*R51`,
    ),
  ]),
  ...['skill', 'tool', 'mcp-server', 'model-provider'].map(
    (kind): [string, string, unknown, RegExp] => [
      'AgentSecretGrant',
      'subject.kind',
      kind,
      new RegExp(
        `spec\\.subject\\.stackRef: .*subject "${kind}" belongs to a stack.*write stackRef.*R51`,
      ),
    ],
  ),
  ['AgentConfigGrant', 'subject.kind', 'team', /spec\.serviceAccountRef: .*subject "team".*R51/],
  ['AgentConfigGrant', 'subject.stackRef', undefined, /spec\.subject\.stackRef: .*"skill".*R51/],
  ...['kradle-org-globex', 'kradle-org-nobody', 'kube-system'].flatMap(foreign =>
    [
      ['AgentSecretGrant', 'secretRef'],
      ['AgentConfigGrant', 'configMapRef'],
    ].map(([kind, ref]): [string, string, unknown, RegExp] => [
      kind!,
      `${ref}.namespace`,
      foreign,
      new RegExp(
        `spec\\.${ref}\\.namespace: .*"${foreign}" is not the namespace of the organisation.*write "kradle-org-acme" \\(R59\\)`,
      ),
    ]),
  ),
  ['AgentSecretGrant', 'secretRef.keys', ['*'], /spec\.secretRef\.keys\[0\]: .*"\*".*should match/],
  ['AgentConfigGrant', 'configMapRef.keys', ['*'], /configMapRef\.keys\[0\]: .*should match/],
  ['AgentSecretGrant', 'purpose', 'Any thing', /spec\.purpose: .*"Any thing".*should match/],
  ['AgentSecretGrant', 'allowedRefs.include', ['main'], /include\[0\]: .*"main".*should match/],
  ['AgentSecretGrant', 'allowedRefs.exclude', ['main'], /exclude\[0\]: .*"main".*should match/],
  [
    'AgentSecretGrant',
    'rotationPolicy.maxAgeDays',
    0,
    /maxAgeDays: .*0.*greater than or equal to 1/,
  ],
  ['AgentSecretGrant', 'expiresAt', 'never', /spec\.expiresAt: .*"never".*date-time/],
  ['AgentStack', 'runtimeIdentity.serviceAccountRef', 'x/y', /serviceAccountRef: .*should match/],
  ['AgentStack', 'permissionRefs.secretGrants', ['x/y'], /secretGrants\[0\]: .*should match/],
  ['AgentStack', 'budget.maxDurationSeconds', 604801, /maxDurationSeconds: .*604800/],
  ['AgentStack', 'budget.maxTokens', 0, /maxTokens: .*greater than or equal to 1/],
  ['AgentStack', 'budget.maxCostUsd', -1, /maxCostUsd: .*greater than or equal to 0/],
  ['RepositoryPermission', 'repository', 'globex/app', /spec\.repository: .*should match/],
]

t.test('what the schemas refuse, they explain', async t => {
  for (const [kind, path, value, expect] of refused)
    t.match(await tried(changed(kind, path, value)), expect, `${kind} ${path} ${String(value)}`)
})

t.test('nothing is refused for being zero, false or empty', async t => {
  const taken: [kind: string, path: string, value: unknown][] = [
    ['Invite', 'teams', []],
    ['Invite', 'revoked', false],
    ['AuthProvider', 'hidden', false],
    ['AuthProvider', 'scopes', []],
    ['AgentServiceAccount', 'automountServiceAccountToken', false],
    ['AgentServiceAccount', 'allowedRepositories', []],
    ['AgentServiceAccount', 'allowedRunnerPools', []],
    ['AgentServiceAccount', 'imagePullSecrets', []],
    ['AgentRoleBinding', 'scope', { kind: 'organization', repositories: [] }],
    ['AgentSecretGrant', 'secretRef.keys', []],
    ['AgentSecretGrant', 'secretRef.namespace', namespace],
    ['AgentSecretGrant', 'allowedRepositories', []],
    ['AgentSecretGrant', 'allowedRefs', {}],
    ['AgentSecretGrant', 'allowedRefs', { include: [], exclude: [] }],
    ['AgentSecretGrant', 'allowedTriggerSources', []],
    ['AgentSecretGrant', 'rotationPolicy', {}],
    ['AgentConfigGrant', 'configMapRef.keys', []],
    ['AgentConfigGrant', 'configMapRef.namespace', namespace],
    ['AgentStack', 'prompt', {}],
    ['AgentStack', 'prompt.system', ''],
    ['AgentStack', 'permissionRefs', {}],
    ['AgentStack', 'permissionRefs', { roleBindings: [], secretGrants: [], configGrants: [] }],
    ['AgentStack', 'skillRefs', []],
    ['AgentStack', 'secretPolicy', {}],
    ['AgentStack', 'secretPolicy.allowedSecretRefs', []],
    ['AgentStack', 'writeBackPolicy.requireApproval', false],
    ['AgentStack', 'requiresApproval', false],
    ['AgentStack', 'budget', {}],
    ['AgentStack', 'budget.maxCostUsd', 0],
  ]
  for (const [kind, path, value] of taken)
    t.equal(await tried(changed(kind, path, value)), '', `${kind} ${path}`)
})

const patched = (kind: string, spec: object): Promise<string> =>
  answer(client.mergePatch(kindOf(kind), examples.get(kind)!.metadata, { spec }))

t.test('what is fixed at creation stays', async t => {
  const fixed: [kind: string, spec: object, expect: RegExp][] = [
    ['Invite', { email: 'j@x.com' }, /spec\.email: .*stays with "john@example\.com".*revoke.*R47/],
    ['Invite', { role: 'admin' }, /spec\.role: .*stays with role "member".*revoke.*R47/],
    ['IdentityMapping', { user: 'joe' }, /spec\.user: .*stays with user "jane".*"joe" \(R42\)/],
    ['IdentityMapping', { provider: 'gitea' }, /spec\.provider: .*provider "kubernetes".*R42/],
    ['IdentityMapping', { subject: 'joe' }, /spec\.subject: .*"jane@example\.com".*"joe" \(R42\)/],
    [
      'AgentServiceAccount',
      { serviceAccountName: 'other' },
      /spec\.serviceAccountName: .*stays with account "repairer".*"other" \(R43\)/,
    ],
    [
      'AgentRoleBinding',
      { roleRef: { name: 'readonly' } },
      /spec\.roleRef: .*stays with RoleTemplate "repository-repair"; delete it.*"readonly" \(R44\)/,
    ],
    ['RepositoryPermission', { repository: 'lib' }, /spec\.repository: .*"app".*"lib" \(R48\)/],
    [
      'RepositoryPermission',
      { subject: { kind: 'user' } },
      /spec\.subject: .*stays with team "core"; create another one for user "core" \(R48\)/,
    ],
  ]
  for (const [kind, spec, expect] of fixed)
    t.match(await patched(kind, spec), expect, `${kind} ${JSON.stringify(spec)}`)
  for (const { kind } of examples.values())
    t.match(
      await patched(kind, { organizationRef: 'globex' }),
      /organizationRef.*cannot move from organisation "acme" to "globex" \(R39\)/,
      kind,
    )
})

t.test('an invite is accepted once and revoked for good', async t => {
  const { email } = examples.get('Invite')!.spec
  t.equal(await patched('User', { email }), '', 'jane is whom it was sent to')
  t.equal(await patched('Invite', { acceptedBy: 'jane' }), '')
  const accepted = /spec\.acceptedBy: .*already accepted by "jane".*create another invite \(R47\)/
  for (const acceptedBy of ['joe', null]) t.match(await patched('Invite', { acceptedBy }), accepted)
  t.equal(await patched('Invite', { acceptedBy: 'jane', revoked: true }), '')
  const revoked = /spec\.revoked: .*"false" would bring a revoked invite back; create another.*R47/
  for (const value of [false, null]) t.match(await patched('Invite', { revoked: value }), revoked)
})
