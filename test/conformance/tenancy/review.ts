import { kradle, secret } from '../runner/objects.ts'
import type { Stage } from '../runner/stage.ts'
import { step, type Scenario } from '../scenario.ts'

const group = 'activity.kradle.a5c.ai/v1alpha1'
const pathIn = (namespace: string) =>
  `/apis/${group}/namespaces/${namespace}/agentpermissionreviews`

const question = (on: Stage, agentStack: string) => ({
  apiVersion: group,
  kind: 'AgentPermissionReview',
  metadata: { namespace: on.namespace },
  spec: {
    agentStack,
    ref: 'refs/heads/main',
    trigger: { repository: 'app', source: 'ci', trustTier: 'trusted' },
  },
})

/** Raw, as kubectl reads the OpenAPI of the whole cluster for what cannot be patched. */
const ask = (on: Stage) => ['create', '--raw', pathIn(on.namespace), '-f', '-']

export const review: Scenario = {
  name: 'tenancy/review',
  title: 'An AgentPermissionReview says what a run would lack, before anything runs',
  rows: [13],
  rules: ['R65'],
  needs: ['activity'],
  steps: [
    step('a stack counts on a grant that is not there', on =>
      on.does(['create', '-f', '-'], {
        input: [
          secret('reviewed', { token: 'x' }),
          kradle('AgentServiceAccount', 'reviewed', {
            namespace: on.namespace,
            serviceAccountName: 'reviewed',
          }),
          kradle('AgentStack', 'reviewed', {
            baseAgent: 'claude-code',
            adapter: 'agent-mux.claude-code',
            runtimeIdentity: { serviceAccountRef: 'reviewed' },
            permissionRefs: { secretGrants: ['reviewed'] },
          }),
        ],
      }),
    ),
    step('who may read the stack is told what is missing, and what to apply', on =>
      on.comes(ask(on), {
        as: on.person('mia'),
        input: question(on, 'reviewed'),
        says: ['"allowed":false', '"missingGrant"', '"name":"reviewed"', 'AgentSecretGrant'],
      }),
    ),
    step('with the grant nothing is', async on => {
      await on.does(['create', '-f', '-'], {
        as: on.person('ada'),
        input: kradle('AgentSecretGrant', 'reviewed', {
          subject: { kind: 'agent-stack', name: 'reviewed' },
          secretRef: { name: 'reviewed', keys: ['token'] },
          purpose: 'model-provider',
          requiredApproval: 'on-untrusted-ref',
        }),
      })
      await on.comes(ask(on), {
        as: on.person('mia'),
        input: question(on, 'reviewed'),
        says: '"allowed":true',
      })
    }),
    step('of a stack that is not there nothing is known', on =>
      on.isRefused(ask(on), {
        as: on.person('mia'),
        input: question(on, 'nobodys'),
        says: 'agentstacks.kradle.a5c.ai "nobodys" not found',
      }),
    ),
    step('a stranger is not answered', on =>
      on.isRefused(ask(on), {
        as: on.person('nobody'),
        input: question(on, 'reviewed'),
        says: 'cannot create resource "agentpermissionreviews"',
      }),
    ),
  ],
}
