import { kradle, pod, secret, withKey } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

/** A value that is easy to find, and looks like nothing else. */
const valueIn = (run: string) => `s3cr3t-of-${run}`

export const hygiene: Scenario = {
  name: 'foundation/hygiene',
  title: 'The value of a Secret turns up nowhere else, whatever refers to it',
  rows: [7],
  rules: ['R60', 'R66'],
  steps: [
    step('a Secret, a grant on it and objects that name it are made', on =>
      on.does(['create', '-f', '-'], {
        input: [
          secret('known', { token: valueIn(on.run) }),
          kradle('AgentSecretGrant', 'known', {
            subject: { kind: 'runner', name: 'default' },
            serviceAccountRef: 'default',
            secretRef: { name: 'known', keys: ['token'] },
            purpose: 'workload',
            mountPolicy: 'env',
          }),
          kradle('AgentProviderConfig', 'known', {
            provider: 'anthropic',
            authType: 'token',
            displayName: 'Known',
            credentialRef: { name: 'known', key: 'token' },
          }),
        ],
      }),
    ),
    step('a Pod that takes another key of it is refused, without a value in the message', on =>
      on.isSoonRefused(['create', '--dry-run=server', '-f', '-'], {
        input: pod('curious', withKey('known', 'other')),
        says: '[R51 pod/keys-are-granted]',
        never: valueIn(on.run),
      }),
    ),
    step('neither Kradle’s objects nor events have it', async on => {
      // Not `get kradle`: reviews are of that category, and nobody can list them.
      const listable = ['api-resources', '--categories=kradle', '--verbs=list', '--namespaced']
      const { stdout: kinds } = await on.does([...listable, '-o', 'name'])
      const all = [...kinds.trim().split('\n'), 'events', 'policyreports.wgpolicyk8s.io']
      const { stdout } = await on.does(
        ['get', (on.has.has('reports') ? all : all.slice(0, -1)).join(), '-o', 'yaml'],
        { says: 'name: known' },
      )
      if (stdout.includes(valueIn(on.run)) || stdout.includes(btoa(valueIn(on.run))))
        throw new Error('the value is in what kubectl get -o yaml prints')
    }),
    step('an address with a password in it is refused, and not repeated', on =>
      on.isRefused(['create', '-f', '-'], {
        input: kradle('AgentGatewayConfig', 'careless', {
          gatewayUrl: `wss://kradle:${valueIn(on.run)}@agents.example.com`,
          auth: { type: 'none' },
        }),
        says: 'holds a user name or password before the host (R60); take that part out, credentials come from Secrets alone',
        never: valueIn(on.run),
      }),
    ),
  ],
}
