import t from 'tap'
import { AgentApproval, AgentDispatchRun, AgentMemoryQuery } from '#src/api/activity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import mutation from '#webhooks/requested/requester-is-filled-in.ts'

const metadata = { name: 'one', namespace: 'kradle-org-acme' }
const applied = (kind: Kind, spec: object, user?: { username?: string }) => {
  const asked = request('CREATE', kind, objectOf(kind, { metadata, spec } as never))
  return mutation.apply({ ...asked, ...(user && { user }) }, cluster())['spec']
}

t.test('writes down who asks', async t => {
  for (const kind of [AgentApproval, AgentDispatchRun])
    t.strictSame(applied(kind, {}), { requestedBy: 'jane' })
  t.strictSame(applied(AgentMemoryQuery, {}), { requester: 'jane' })
})

t.test('overwrites nothing', async t => {
  t.strictSame(applied(AgentApproval, { requestedBy: 'joe' }), { requestedBy: 'joe' })
  t.strictSame(applied(AgentApproval, {}, {}), {}, 'and knows nobody without a name')
  t.equal(mutation.needed, '!has(object.spec.requestedBy) || !has(object.spec.requester)')
})
