import t from 'tap'
import { AgentApproval, AgentMemoryQuery } from '#src/api/activity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/requested/requester-is-the-caller.ts'

const metadata = { name: 'one', namespace: 'kradle-org-acme' }
const decided = (kind: Kind, spec: object, username = 'jane') =>
  rule.decide({
    ...request('CREATE', kind, objectOf(kind, { metadata, spec } as never)),
    user: { username },
  })

t.test('refuses whoever asks as somebody else', async t => {
  t.match(decided(AgentApproval, { requestedBy: 'joe' }), [
    { rule: 'R88', field: 'spec.requestedBy', value: 'joe', problem: /you are "jane"/ },
  ])
  t.match(decided(AgentMemoryQuery, { requester: 'joe' }), [{ field: 'spec.requester' }])
  const account = 'system:serviceaccount:kradle-org-acme:dispatch-controller'
  t.match(decided(AgentApproval, { requestedBy: 'joe' }, account), [{ rule: 'R88' }])
  t.match(decided(AgentApproval, {}), [{ rule: 'R88' }])
})

t.test('lets everybody ask for himself, and controllers for those they act for', async t => {
  t.strictSame(decided(AgentApproval, { requestedBy: 'jane' }), [])
  const controller = 'system:serviceaccount:kradle-system:dispatch-controller'
  t.strictSame(decided(AgentApproval, { requestedBy: 'joe' }, controller), [])
})
