import t from 'tap'
import { AgentApproval, KradleWorkspaceRuntime } from '#src/api/activity/v1alpha1.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { KradleWorkspace } from '#src/api/workspaces/v1alpha1.ts'
import { request, team } from '#test/fixtures.ts'
import rule from '#webhooks/org-scoped/lifetime-is-not-set.ts'

const labelled = (ttl?: string) =>
  team('acme', { metadata: { labels: ttl === undefined ? {} : { 'cleanup.kyverno.io/ttl': ttl } } })
const judged = (now?: string, before?: ReturnType<typeof labelled>) =>
  rule.decide(request(before ? 'UPDATE' : 'CREATE', Team, labelled(now), before))

t.test('nobody gives an object a lifetime', async t => {
  const denied = [{ rule: 'R42', field: 'metadata.labels["cleanup.kyverno.io/ttl"]', value: '1s' }]
  t.match(judged('1s'), denied)
  t.match(judged('1s', labelled()), denied)
  t.match(judged('1s', labelled('1h')), denied)
})

t.test('one that is there stays, or goes', async t => {
  t.strictSame(judged(), [])
  t.strictSame(judged('1s', labelled('1s')), [])
  t.strictSame(judged(undefined, labelled('1s')), [])
})

t.test('workspaces may have one', async t => {
  t.ok(rule.kinds.includes(AgentApproval))
  t.notOk(rule.kinds.includes(KradleWorkspace))
  t.notOk(rule.kinds.includes(KradleWorkspaceRuntime))
})
