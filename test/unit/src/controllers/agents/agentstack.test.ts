import { globSync, readFileSync } from 'node:fs'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { AgentMcpServer, AgentSkill, type AgentStack } from '#src/api/agents/v1alpha1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import controller from '#src/controllers/agents/agentstack.ts'
import { cluster } from '#test/fixtures.ts'
import {
  agentAccount,
  agentStack,
  configGrant,
  roleBinding,
  secretGrant,
} from '#test/fixtures-agents.ts'
import { thing } from '#test/fixtures-references.ts'

const look = (spec: Partial<AgentStack['spec']>, ...objects: KubernetesObject[]) => {
  const stack = agentStack('repairer', 'repairer', spec)
  return controller.reconcile(stack, cluster(stack, ...objects)).status!
}

t.test('a stack that has all it names is Ready, and says so in every aspect', async t => {
  const { phase, conditions } = look(
    { permissionRefs: { roleBindings: ['reads'], secretGrants: ['model'] } },
    agentAccount(),
    roleBinding(),
    secretGrant(),
  )
  t.equal(phase, 'Ready')
  t.strictSame(conditions.map(({ type }) => type).toSorted(), [
    'CapabilitiesResolved',
    'ConfigAdmitted',
    'ContextLabelsValid',
    'McpHealthy',
    'PolicyAdmitted',
    'Ready',
    'RolesAdmitted',
    'RuntimeIdentityReady',
    'SecretsAdmitted',
    'SkillsValidated',
    'SubagentsValid',
    'ToolsAdmitted',
  ])
  t.ok(conditions.every(({ status }) => status === 'True'))
})

t.test('the examples together make a stack that can be run', async t => {
  const objects = globSync('docs/examples/*.yaml')
    .flatMap(file => parseAllDocuments(readFileSync(file, 'utf8')))
    .map(document => document.toJS() as KubernetesObject)
  const stack = objects.find(
    ({ kind, metadata }) => kind === 'AgentStack' && metadata.name === 'repairer',
  )!
  const { status } = controller.reconcile(stack, cluster(...objects))
  t.strictSame(
    status?.conditions.filter(condition => condition.status === 'False'),
    [],
  )
  t.equal(status?.phase, 'Ready')
})

t.test('what is missing makes it wait', async t => {
  const { phase, conditions } = look({ skillRefs: ['linting'] }, agentAccount())
  t.equal(phase, 'Pending')
  t.strictSame(
    conditions.filter(({ status }) => status === 'False').map(({ type }) => type),
    ['SkillsValidated', 'CapabilitiesResolved', 'Ready'],
  )
  t.match(conditions.at(-1), { reason: 'AgentSkillMissing', message: /"linting" does not exist/ })
  const pool = look({ runnerPool: 'linux' }, agentAccount())
  t.equal(pool.phase, 'Pending')
  t.match(pool.conditions.at(-1), { reason: 'ReferenceMissing', message: /RunnerPool "linux"/ })
})

t.test('what a person has to mend blocks it', async t => {
  t.equal(
    look({ skillRefs: ['a'] }, agentAccount(), thing('a', {}, {}, AgentSkill)).phase,
    'Blocked',
  )
  const server = thing('a', { allowedStacks: [] }, {}, AgentMcpServer)
  t.equal(look({ mcpServerRefs: ['a'], skillRefs: ['b'] }, agentAccount(), server).phase, 'Blocked')
})

t.test('a role that somebody tampered with is an error', async t => {
  const drifted = {
    ...roleBinding(),
    status: { conditions: [{ type: 'Ready', status: 'False', reason: 'DriftEscalates' }] },
  }
  t.equal(look({ permissionRefs: { roleBindings: ['reads'] } }, drifted).phase, 'Error')
})

t.test('it is looked at again when anything that it names, or a grant for it, changes', async t => {
  const there = cluster(
    agentStack('repairer', 'builder', { skillRefs: ['linting'] }),
    agentStack('reviewer'),
  )
  const owners = (object: KubernetesObject) => [
    ...new Set(
      controller.watches
        .filter(({ kind }) => kind.kind === object.kind)
        .flatMap(watch => watch.toOwners(object, there))
        .map(({ name, namespace }) => `${namespace}/${name}`),
    ),
  ]
  t.strictSame(owners(thing('linting', {}, {}, AgentSkill)), ['kradle-org-acme/repairer'])
  t.strictSame(owners(agentAccount('reviewer')), ['kradle-org-acme/reviewer'])
  t.strictSame(owners(secretGrant()), ['kradle-org-acme/repairer'])
  const toAccount = { subject: { kind: 'tool', name: 'x' }, serviceAccountRef: 'builder' } as const
  t.strictSame(owners(configGrant(toAccount)), ['kradle-org-acme/repairer'])
  t.strictSame(owners(secretGrant({ ...toAccount, serviceAccountRef: 'other' })), [])
})
