import t from 'tap'
import {
  AgentContextLabel,
  AgentMcpServer,
  AgentSkill,
  AgentSubagent,
  AgentToolProfile,
  type AgentStack,
} from '#src/api/agents/v1alpha1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { partConditions, partsOf } from '#src/controllers/agents/stack-parts.ts'
import { cluster } from '#test/fixtures.ts'
import { agentAccount, agentStack } from '#test/fixtures-agents.ts'
import { thing } from '#test/fixtures-references.ts'

const look = (spec: Partial<AgentStack['spec']>, ...objects: KubernetesObject[]) => {
  const all = partConditions(agentStack('repairer', 'repairer', spec), cluster(...objects))
  return Object.fromEntries(all.map(({ type, ...rest }) => [type, rest]))
}
const server = (spec = {}) => thing('tracker', spec, {}, AgentMcpServer)
const skill = (spec = {}) => thing('linting', spec, {}, AgentSkill)
const subagent = (spec = {}) => thing('tester', spec, {}, AgentSubagent)

t.test('whoever names nothing lacks nothing but an account', async t => {
  const found = look({})
  t.strictSame(Object.keys(found), [
    'ToolsAdmitted',
    'McpHealthy',
    'SkillsValidated',
    'SubagentsValid',
    'ContextLabelsValid',
    'RuntimeIdentityReady',
  ])
  for (const [type, { status, reason }] of Object.entries(found))
    if (type !== 'RuntimeIdentityReady') t.equal(`${status} ${reason}`, 'True NoneNamed', type)
  t.strictSame(found['RuntimeIdentityReady'], {
    status: 'False',
    reason: 'AgentServiceAccountMissing',
    message:
      'spec.runtimeIdentity.serviceAccountRef: AgentServiceAccount "repairer" does not exist; create it in the same namespace, or take it out of the stack [R50]',
  })
  t.match(look({}, agentAccount())['RuntimeIdentityReady'], { status: 'True', reason: 'AllFound' })
})

t.test('what is named has to be there', async t => {
  const named = {
    toolProfileRef: 'careful',
    mcpServerRefs: ['tracker'],
    skillRefs: ['linting'],
    subagentRefs: ['tester'],
    contextLabelRefs: ['house-style'],
  }
  const lacking = look(named)
  const { RuntimeIdentityReady: _, ...parts } = lacking
  t.strictSame(
    Object.values(parts).map(({ reason }) => reason),
    [
      'AgentToolProfileMissing',
      'AgentMcpServerMissing',
      'AgentSkillMissing',
      'AgentSubagentMissing',
      'AgentContextLabelMissing',
    ],
  )
  t.match(lacking['SkillsValidated']?.message, /^spec\.skillRefs\[0\]: AgentSkill "linting" .*R127/)
  const complete = look(
    named,
    agentAccount(),
    thing('careful', {}, {}, AgentToolProfile),
    server(),
    skill({ format: 'markdown', sourceRef: { path: 'skills/linting' } }),
    subagent({ taskKinds: ['test'] }),
    thing('house-style', {}, {}, AgentContextLabel),
  )
  for (const [type, { status, reason }] of Object.entries(complete))
    t.equal(`${status} ${reason}`, 'True AllFound', type)
})

t.test('a server may be for certain stacks only', async t => {
  const health = (spec: object) => look({ mcpServerRefs: ['tracker'] }, server(spec))['McpHealthy']
  t.match(health({ allowedStacks: ['repairer'] }), { status: 'True' })
  for (const allowedStacks of [[], ['reviewer']])
    t.match(health({ allowedStacks }), {
      status: 'False',
      reason: 'McpServerNotAdmitted',
      message:
        'spec.mcpServerRefs[0]: AgentMcpServer "tracker" is not for AgentStack "repairer"; add the stack to spec.allowedStacks of the server, or name another [R221]',
    })
})

t.test('a skill has to say what it is and where it is', async t => {
  const valid = (spec: object) => look({ skillRefs: ['linting'] }, skill(spec))['SkillsValidated']
  t.match(valid({ format: 'markdown', sourceRef: 'skills/linting' }), { status: 'True' })
  t.match(valid({ format: 'markdown' }), {
    reason: 'InvalidSkill',
    message: /AgentSkill "linting" has no spec\.sourceRef; complete the skill.*\[R127\]/,
  })
  for (const nothing of ['', '  ', 0, null, {}, []])
    t.match(valid({ format: nothing, sourceRef: nothing }), {
      reason: 'InvalidSkill',
      message: /has no spec\.format and no spec\.sourceRef/,
    })
  const { spec: _, ...bare } = skill()
  t.match(look({ skillRefs: ['linting'] }, bare)['SkillsValidated'], { reason: 'InvalidSkill' })
})

t.test('a subagent has to take some task', async t => {
  const valid = (spec: object) => look({ subagentRefs: ['tester'] }, subagent(spec))
  t.match(valid({ taskKinds: ['test'] })['SubagentsValid'], { status: 'True' })
  for (const spec of [{ taskKinds: [] }, {}])
    t.match(valid(spec)['SubagentsValid'], {
      reason: 'InvalidSubagent',
      message: /AgentSubagent "tester" has no spec\.taskKinds .*\[R128\]/,
    })
})

t.test('a stack of no namespace finds nothing', async t => {
  const stack = agentStack('repairer', 'repairer', { skillRefs: ['linting'] })
  const { namespace: _, ...metadata } = stack.metadata
  t.match(partsOf({ ...stack, metadata }, AgentSkill, cluster(skill())), [
    { at: { name: 'linting' }, object: undefined },
  ])
})
