import t from 'tap'
import { AgentMcpServer, AgentSkill, type AgentStack } from '#src/api/agents/v1alpha1.ts'
import type { Condition, KubernetesObject } from '#src/api/object.ts'
import { permissionConditions } from '#src/controllers/agents/stack-permissions.ts'
import { cluster } from '#test/fixtures.ts'
import { agentStack, configGrant, roleBinding, secretGrant } from '#test/fixtures-agents.ts'
import { thing } from '#test/fixtures-references.ts'

const look = (spec: Partial<AgentStack['spec']>, ...objects: KubernetesObject[]) => {
  const stack = agentStack('repairer', 'repairer', spec)
  const all = permissionConditions(stack, cluster(stack, ...objects))
  return Object.fromEntries(all.map(({ type, ...rest }) => [type, rest]))
}
const ready = (status: 'True' | 'False', reason = 'SecretMissing') => ({
  status: {
    conditions: [
      { type: 'Ready', status, reason, message: 'Said', lastTransitionTime: '' } as Condition,
    ],
  },
})
const everything = {
  permissionRefs: {
    roleBindings: ['reads'],
    secretGrants: ['model'],
    configGrants: ['linter'],
  },
}

t.test('who counts on nothing has all of it', async t => {
  t.match(look({}), {
    RolesAdmitted: { status: 'True', reason: 'NoneNamed' },
    SecretsAdmitted: { status: 'True', reason: 'NoneNamed' },
    ConfigAdmitted: { status: 'True', reason: 'NoneNamed' },
    PolicyAdmitted: { status: 'True', reason: 'NoPolicy' },
  })
})

t.test('what is counted on has to exist', async t => {
  const found = look(everything)
  t.match(found, {
    RolesAdmitted: { status: 'False', reason: 'MissingRoleBinding' },
    SecretsAdmitted: { status: 'False', reason: 'MissingSecretGrant' },
    ConfigAdmitted: { status: 'False', reason: 'MissingConfigGrant' },
    PolicyAdmitted: { status: 'True' },
  })
  t.equal(
    found['SecretsAdmitted']?.message,
    'spec.permissionRefs.secretGrants[0]: AgentSecretGrant "model" does not exist; create it in the same namespace, or take it out of the stack [R62]',
  )
  const complete = look(everything, roleBinding(), secretGrant(), configGrant())
  for (const type of ['RolesAdmitted', 'SecretsAdmitted', 'ConfigAdmitted'])
    t.match(complete[type], { status: 'True', reason: 'AllFound' }, type)
})

t.test('it has to be for the stack or its account', async t => {
  const other = { subject: { kind: 'agent-stack', name: 'reviewer' } } as const
  const found = look(everything, roleBinding(other), secretGrant(other), configGrant(other))
  for (const type of ['RolesAdmitted', 'SecretsAdmitted', 'ConfigAdmitted'])
    t.match(found[type], {
      reason: 'SubjectMismatch',
      message: /is neither for AgentStack "repairer" nor for its account "repairer"; .*\[R65\]$/,
    })
  t.match(found['SecretsAdmitted']?.message, /AgentSecretGrant "model" on "model:token" is/)
  const account = { subject: { kind: 'tool', name: 'x' }, serviceAccountRef: 'repairer' } as const
  t.match(look(everything, secretGrant(account))['SecretsAdmitted'], { status: 'True' })
})

t.test('it has to be in effect, as far as anybody has looked', async t => {
  const inState = (state: object) =>
    look(
      everything,
      { ...roleBinding(), ...state },
      { ...secretGrant({ secretRef: { name: 'model', keys: [] } }), ...state },
      { ...configGrant(), ...state },
    )
  for (const [, { status }] of Object.entries(inState(ready('True')))) t.equal(status, 'True')
  const found = inState(ready('False'))
  for (const type of ['RolesAdmitted', 'SecretsAdmitted', 'ConfigAdmitted'])
    t.match(found[type], {
      status: 'False',
      reason: 'NotInEffect',
      message: /is not Ready \(SecretMissing\); mend what its own conditions say \[R65\]$/,
    })
  t.match(found['SecretsAdmitted']?.message, /AgentSecretGrant "model" on "model" is not/)
  t.match(inState(ready('False', 'DriftEscalates'))['RolesAdmitted'], { reason: 'DriftEscalates' })
})

t.test('what an MCP server reads has to be granted, for that server', async t => {
  const server = (spec: Record<string, unknown>) => thing('tracker', spec, {}, AgentMcpServer)
  const purpose = 'mcp-server:tracker'
  const secrets = (...objects: KubernetesObject[]) =>
    look(
      { mcpServerRefs: ['tracker'] },
      server({ secretRefs: [{ name: 'model', key: 'token' }] }),
      ...objects,
    )['SecretsAdmitted']
  t.strictSame(secrets(), {
    status: 'False',
    reason: 'MissingSecretGrant',
    message:
      'spec.mcpServerRefs[0]: AgentMcpServer "tracker" reads "model:token", and no AgentSecretGrant with purpose "mcp-server:tracker" gives it to the stack; have an AgentSecretGrant for the stack created [R62]',
  })
  t.match(secrets(secretGrant({ purpose })), { status: 'True' })
  t.match(secrets({ ...secretGrant({ purpose }), ...ready('False') }), { status: 'False' })
  for (const spec of [
    {},
    { purpose, secretRef: { name: 'model', keys: ['other'] } },
    { purpose, secretRef: { name: 'other', keys: ['token'] } },
    { purpose, subject: { kind: 'agent-stack', name: 'reviewer' } as const },
  ])
    t.match(secrets(secretGrant(spec)), { reason: 'MissingSecretGrant' }, JSON.stringify(spec))

  const config = (spec: Record<string, unknown>, ...objects: KubernetesObject[]) =>
    look({ mcpServerRefs: ['tracker'] }, server(spec), ...objects)['ConfigAdmitted']
  const settings = { configRefs: [{ name: 'linter', key: 'settings.json' }] }
  t.match(config(settings), {
    reason: 'MissingConfigGrant',
    message: /reads "linter:settings\.json", and no AgentConfigGrant/,
  })
  t.match(config(settings, configGrant()), { status: 'True' }, 'for whatever purpose')
  t.match(look({ mcpServerRefs: ['tracker'] })['SecretsAdmitted'], { status: 'True' })
})

t.test('so has what a skill reads', async t => {
  const skill = (spec: Record<string, unknown>) => thing('linting', spec, {}, AgentSkill)
  const config = (...objects: KubernetesObject[]) =>
    look(
      { skillRefs: ['linting'] },
      skill({ configRefs: [{ name: 'linter', key: 'settings.json' }] }),
      ...objects,
    )['ConfigAdmitted']
  t.match(config(), {
    reason: 'MissingConfigGrant',
    message:
      /^spec\.skillRefs\[0\]: AgentSkill "linting" reads "linter:settings\.json", and no AgentConfigGrant with purpose "skill-config" gives it to the stack; /,
  })
  t.match(config(configGrant()), { status: 'True' })
  t.match(config(configGrant({ purpose: 'other' })), { status: 'False' })
  const secret = skill({ secretRefs: [{ name: 'model', key: 'token' }] })
  t.match(look({ skillRefs: ['linting'] }, secret)['SecretsAdmitted'], {
    message: /and no AgentSecretGrant gives it to the stack; /,
  })
  t.match(look({ skillRefs: ['linting'] }, secret, secretGrant())['SecretsAdmitted'], {
    status: 'True',
  })
})

t.test('a Secret that the stack lists has to be granted, one way or another', async t => {
  const secretPolicy = { allowOnForks: false, allowedSecretRefs: ['model'] }
  const found = look({ secretPolicy })
  t.match(found['SecretsAdmitted'], {
    reason: 'MissingSecretGrant',
    message:
      /^spec\.secretPolicy\.allowedSecretRefs: the stack lists Secret "model", and no AgentSecretGrant gives a key of it to the stack; /,
  })
  t.match(found['PolicyAdmitted'], { status: 'True', reason: 'SecretsAllowed' })
  t.match(look({ secretPolicy }, secretGrant())['SecretsAdmitted'], { status: 'True' })
  const empty = secretGrant({ secretRef: { name: 'model', keys: [] } })
  t.match(look({ secretPolicy }, empty)['SecretsAdmitted'], { status: 'False' })
  t.match(look({ ...everything, secretPolicy }, secretGrant())['SecretsAdmitted'], {
    status: 'True',
    reason: 'AllFound',
  })
})

t.test('a stack may forbid what it is granted', async t => {
  const secretPolicy = { allowOnForks: false, allowedSecretRefs: ['other'] }
  const policy = (...objects: KubernetesObject[]) =>
    look({ ...everything, secretPolicy }, ...objects)['PolicyAdmitted']
  t.strictSame(policy(secretGrant()), {
    status: 'False',
    reason: 'SecretNotAllowed',
    message:
      'spec.permissionRefs.secretGrants[0]: AgentSecretGrant "model" is on Secret "model", which is not in spec.secretPolicy.allowedSecretRefs; add the Secret there, or take the grant out of the stack [R64]',
  })
  t.match(policy(), { status: 'True' }, 'a grant that is missing is not for the policy to tell')
  t.match(policy(secretGrant({ secretRef: { name: 'other', keys: ['token'] } })), {
    status: 'True',
    reason: 'SecretsAllowed',
  })
})
