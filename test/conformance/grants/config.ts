import { kradle, secret } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

const grant = {
  subject: { kind: 'runner', name: 'default' },
  serviceAccountRef: 'default',
  purpose: 'workload',
}
const path = (type: string) =>
  `jsonpath={.status.conditions[?(@.type=="${type}")].status} {.status.conditions[?(@.type=="${type}")].reason}`

export const config: Scenario = {
  name: 'grants/config',
  title: 'Keys that sound like secrets are pointed out, and Secrets say when they are due',
  rows: [16],
  rules: ['R58', 'R61'],
  steps: [
    step('granting a key of a ConfigMap that sounds like a secret warns', async on => {
      const data = { 'settings.json': '{}', 'api-token': 'x' }
      const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'tools' }, data }
      await on.does(['create', '-f', '-'], { input: map })
      await on.comes(['create', '-f', '-'], {
        input: kradle('AgentConfigGrant', 'tools', {
          ...grant,
          configMapRef: { name: 'tools', keys: ['settings.json', 'api-token'] },
          mountPolicy: 'file',
        }),
        says: [
          'agentconfiggrant.kradle.a5c.ai/tools created',
          'Warning: ... spec.configMapRef.keys: "api-token" sound like secrets; keep them in a Secret and grant that [R61]',
        ],
      })
    }),
    step('and the grant goes on saying so', on =>
      on.comes(['get', 'agentconfiggrant', 'tools', '-o', path('KeysNotSensitive')], {
        says: 'False SensitiveKeys',
      }),
    ),
    step('a grant with a rotation policy says when its Secret has to change', async on => {
      await on.does(['create', '-f', '-'], {
        input: [
          secret('rotated', { token: 'x' }),
          kradle('AgentSecretGrant', 'rotated', {
            ...grant,
            secretRef: { name: 'rotated', keys: ['token'] },
            mountPolicy: 'env',
            requiredApproval: 'never',
            rotationPolicy: { maxAgeDays: 30 },
          }),
        ],
      })
      const times = 'jsonpath={.status.rotation.overdue} {.status.rotation.dueAt}'
      const { stdout } = await on.comes(['get', 'agentsecretgrant', 'rotated', '-o', times], {
        says: /^false \d{4}-/,
      })
      const days = (Date.parse(stdout.split(' ')[1]!) - Date.now()) / 86_400_000
      if (Math.abs(days - 30) > 1) throw new Error(`it is due in ${days} days`)
    }),
  ],
}
