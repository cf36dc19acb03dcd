import { kradle } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

/** What a stack is asked for, one condition each. */
const CONDITIONS = [
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
]

const skill = kradle('AgentSkill', 'linting', {
  displayName: 'Linting',
  description: 'Before a change is handed over.',
  format: 'skill-folder',
  sourceRef: { source: 'repository', repository: 'app', path: '.agents/skills/linting' },
})

const each = '{range .status.conditions[*]}{.type}={.status}{"\\n"}{end}'
const conditions = ['get', 'agentstack', 'ready', '-o', `jsonpath=${each}`]

export const readiness: Scenario = {
  name: 'agents/readiness',
  title: 'A stack is Ready when all that it names is there and of use, and says what is not',
  rows: [28],
  rules: ['R50', 'R124', 'R125', 'R127', 'R129'],
  steps: [
    step('a stack with a skill becomes Ready', async on => {
      await on.does(['create', '-f', '-'], {
        as: on.person('ada'),
        input: [
          kradle('Repository', 'app', { visibility: 'internal' }),
          kradle('AgentServiceAccount', 'ready', {
            namespace: on.namespace,
            serviceAccountName: 'ready',
          }),
          skill,
          kradle('AgentStack', 'ready', {
            baseAgent: 'claude-code',
            adapter: 'agent-mux.claude-code',
            runtimeIdentity: { serviceAccountRef: 'ready' },
            skillRefs: ['linting'],
          }),
        ],
      })
      await on.does(['wait', '--for=condition=Ready', 'agentstack/ready', '--timeout=30s'], {
        says: 'condition met',
      })
    }),
    step('every aspect has a condition', async on => {
      const { stdout } = await on.does(conditions)
      const types = stdout
        .trim()
        .split('\n')
        .map(line => line.split('=')[0])
      const missing = CONDITIONS.filter(type => !types.includes(type))
      if (missing.length > 0) throw new Error(`${missing.join(', ')} of ${types.join(', ')}`)
    }),
    step('without the skill it is not, and says so three times', async on => {
      await on.does(['delete', 'agentskill', 'linting'], { says: 'deleted' })
      await on.comes(conditions, {
        says: ['CapabilitiesResolved=False', 'SkillsValidated=False', 'Ready=False'],
      })
      await on.comes(['describe', 'agentstack', 'ready'], { says: ['"linting"', 'Reason:'] })
    }),
    step('with it again, it is again', async on => {
      await on.does(['create', '-f', '-'], { input: skill })
      await on.does(['wait', '--for=condition=Ready', 'agentstack/ready', '--timeout=30s'], {
        says: 'condition met',
      })
    }),
  ],
}
