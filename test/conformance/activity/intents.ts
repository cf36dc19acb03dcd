import { activity, kradle, secret } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

const intent = (name: string, more: object = {}) =>
  activity('ExternalWriteIntent', name, {
    providerRef: 'github',
    bindingRef: 'github-app',
    interface: 'issueTracking',
    operation: 'createComment',
    resourceRef: { kind: 'Issue', name: 'slow', nativeId: '7' },
    source: { kind: 'AgentAction', actor: 'worker' },
    request: { storage: 'inline', body: '{"body":"Fixed."}' },
    ...more,
  })
const create = ['create', '-f', '-']
const decide = [
  'patch',
  'externalwriteintent',
  'comment',
  '--type=merge',
  '-p',
  '{"spec":{"decision":"Approved","reason":"It is right."}}',
]

export const intents: Scenario = {
  name: 'activity/intents',
  title:
    'What an agent writes to a provider is approved by somebody else first, and carries no secret',
  rows: [47],
  rules: ['R172', 'R180', 'R186'],
  needs: ['activity'],
  steps: [
    step('there is a provider and a binding', on =>
      on.comes(['apply', '-f', '-'], {
        input: [
          secret('forge', { token: 'x', secret: 'y' }),
          kradle('Repository', 'app', { visibility: 'internal' }),
          kradle('ExternalBackendProvider', 'github', {
            providerType: 'github',
            displayName: 'GitHub',
            endpoint: 'https://github.com/conformance',
            authRef: { secretRef: { name: 'forge' } },
            capabilities: { issueTracking: true },
            webhook: { secretRef: { name: 'forge', key: 'secret' } },
          }),
          kradle('ExternalBackendBinding', 'github-app', {
            providerRef: 'github',
            credentialRef: 'forge',
            targetRef: { kind: 'Repository', name: 'app' },
            externalRef: { owner: 'conformance', repository: 'app', installationId: 1 },
            interfaces: { issueTracking: { mode: 'bidirectional' } },
          }),
        ],
      }),
    ),
    step('an intent of an agent needs an approval, and has a key', on =>
      on.comes(
        [...create, '-o', 'jsonpath={.spec.approvalPolicy.required} {.spec.idempotencyKey}'],
        { as: on.person('ada'), input: intent('comment'), says: /^true \S+/ },
      ),
    ),
    step('waiving it is refused', on =>
      on.isRefused(create, {
        input: intent('bold', { approvalPolicy: { required: false } }),
        says: 'spec.approvalPolicy.required: false is for providers whose ExternalBackendSyncPolicy says automatic-write, and "github" has none; write true, or leave it out [R180 externalwriteintent/approval-is-not-waived]',
      }),
    ),
    step('something that looks like a credential is refused, and not repeated', on =>
      on.isRefused(create, {
        input: intent('careless', {
          request: { storage: 'inline', body: 'ghp_0123456789abcdefghijABCDEFGHIJ012345' },
        }),
        says: 'spec.request.body: something in it looks like a credential, which everybody here could read; leave it out',
        never: 'ghp_0123456789',
      }),
    ),
    step('who asked does not approve', on =>
      on.isRefused(decide, {
        as: on.person('ada'),
        says: 'is written by who asked for it; have somebody else decide [R88',
      }),
    ),
    step('somebody else does', on => on.comes(decide, { as: on.person('bea'), says: 'patched' })),
  ],
}
