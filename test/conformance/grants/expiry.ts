import { kradle, pod, secret, withKey } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

const dryRun = ['create', '--dry-run=server', '-f', '-']
const build = pod('build', withKey('fleeting', 'token'))
const SECONDS = 8

/** In so many seconds, as Kubernetes writes times. */
const soon = (seconds: number) =>
  `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`

export const expiry: Scenario = {
  name: 'grants/expiry',
  title: 'A grant ends at its time, and no Pod has the key from then on',
  rows: [14],
  rules: ['R51', 'R52'],
  steps: [
    step('with a grant for some seconds the Pod is accepted', async on => {
      await on.does(['create', '-f', '-'], {
        input: [
          secret('fleeting', { token: 'x' }),
          kradle('AgentSecretGrant', 'fleeting', {
            subject: { kind: 'runner', name: 'default' },
            serviceAccountRef: 'default',
            secretRef: { name: 'fleeting', keys: ['token'] },
            purpose: 'workload',
            mountPolicy: 'env',
            requiredApproval: 'never',
            expiresAt: soon(SECONDS),
          }),
        ],
      })
      await on.comes(dryRun, { input: build, within: SECONDS })
    }),
    step('then it is refused', on =>
      on.isSoonRefused(dryRun, { input: build, says: '[R51', within: SECONDS + 5 }),
    ),
    step('and the grant says why', on =>
      on.comes(['get', 'agentsecretgrant', 'fleeting'], { says: 'Expired' }),
    ),
  ],
}
