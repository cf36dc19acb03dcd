import t from 'tap'
import { AgentMcpServer, AgentStack } from '#src/api/agents/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/agentstack/mcp-servers-admit-it.ts'

const metadata = (name: string) => ({ name, namespace: 'kradle-org-acme' })
const server = (name: string, allowedStacks?: string[]) =>
  objectOf(AgentMcpServer, { metadata: metadata(name), spec: { allowedStacks } } as never)
const stack = (...mcpServerRefs: string[]) =>
  objectOf(AgentStack, { metadata: metadata('repairer'), spec: { mcpServerRefs } } as never)
const create = (...servers: string[]) => request('CREATE', AgentStack, stack(...servers))

t.test('takes servers for everybody, for this stack, and yet to come', async t => {
  const world = cluster(server('open'), server('mine', ['other', 'repairer']))
  t.strictSame(rule.decide(create('open', 'mine', 'missing'), world), [])
  t.match(rule.lookups?.(create('open')), [{ kind: AgentMcpServer, name: 'open' }])
})

t.test('refuses servers for others', async t => {
  t.match(rule.decide(create('closed'), cluster(server('closed', []))), [{ value: 'closed' }])
  t.match(rule.decide(create('open', 'theirs'), cluster(server('theirs', ['other']))), [
    { rule: 'R221', field: 'spec.mcpServerRefs[1]', value: 'theirs', fix: /add|leave it out/ },
  ])
})

t.test('leaves a stack alone that has the server already', async t => {
  const update = request('UPDATE', AgentStack, stack('theirs'), stack('theirs'))
  t.strictSame(rule.decide(update, cluster(server('theirs', ['other']))), [])
  t.strictSame(rule.lookups?.(update), [])
})
