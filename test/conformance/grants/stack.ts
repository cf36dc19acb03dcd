import { kradle, secret } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

const condition = (type: string) =>
  `jsonpath={.status.conditions[?(@.type=="${type}")].status} {.status.conditions[?(@.type=="${type}")].reason}: {.status.conditions[?(@.type=="${type}")].message}`
const get = (type: string) => ['get', 'agentstack', 'tracking', '-o', condition(type)]

export const stack: Scenario = {
  name: 'grants/stack',
  title: 'A stack says which key it lacks a grant for, and follows once there is one',
  rows: [14],
  rules: ['R51', 'R62', 'R65'],
  steps: [
    step('a stack whose MCP server reads an ungranted key is not Ready', async on => {
      await on.does(['create', '-f', '-'], {
        as: on.person('ada'),
        input: [
          kradle('AgentServiceAccount', 'tracking', {
            namespace: on.namespace,
            serviceAccountName: 'tracking',
          }),
          kradle('AgentMcpServer', 'tracker', {
            displayName: 'Tracker',
            transport: 'http',
            scope: 'stack',
            allowedStacks: ['tracking'],
            url: 'https://mcp.example.com/issues',
            secretRefs: [{ name: 'tracker', key: 'token', header: 'Authorization' }],
          }),
          kradle('AgentStack', 'tracking', {
            baseAgent: 'claude-code',
            adapter: 'agent-mux.claude-code',
            runtimeIdentity: { serviceAccountRef: 'tracking' },
            mcpServerRefs: ['tracker'],
          }),
        ],
      })
      await on.comes(get('Ready'), { says: 'False MissingSecretGrant' })
    }),
    step('the condition names Secret and key', on =>
      on.comes(get('SecretsAdmitted'), {
        says: [
          'False MissingSecretGrant: spec.mcpServerRefs[0]: AgentMcpServer "tracker" reads "tracker:token", and no AgentSecretGrant with purpose "mcp-server:tracker" gives it to the stack',
        ],
      }),
    ),
    step('a grant of a Secret that is not there is refused', on =>
      on.isRefused(['create', '-f', '-'], {
        input: grantOn('yet-to-come'),
        says: '"yet-to-come" is no Secret in namespace "... create the Secret first, or name one that is there [R51 agentsecretgrant/secret-exists]',
      }),
    ),
    step('the grant flips it', async on => {
      await on.does(['create', '-f', '-'], { input: secret('tracker', { token: 'x' }) })
      await on.comes(['create', '-f', '-'], { as: on.person('ada'), input: grantOn('tracker') })
      await on.comes(get('SecretsAdmitted'), { says: 'True' })
      await on.does(['wait', '--for=condition=Ready', 'agentstack/tracking', '--timeout=30s'], {
        says: 'condition met',
      })
    }),
  ],
}

const grantOn = (name: string) =>
  kradle('AgentSecretGrant', 'tracker', {
    subject: { kind: 'mcp-server', name: 'tracker', stackRef: 'tracking' },
    secretRef: { name, keys: ['token'] },
    purpose: 'mcp-server:tracker',
    requiredApproval: 'on-untrusted-ref',
    rotationPolicy: { maxAgeDays: 90 },
  })
