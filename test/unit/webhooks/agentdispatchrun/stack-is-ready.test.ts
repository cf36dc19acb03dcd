import t from 'tap'
import { AgentDispatchRun } from '#src/api/activity/v1alpha1.ts'
import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/agentdispatchrun/stack-is-ready.ts'

const namespace = 'kradle-org-acme'
const create = (agentStack?: unknown) =>
  request(
    'CREATE',
    AgentDispatchRun,
    objectOf(AgentDispatchRun, {
      metadata: { name: 'run-42', namespace },
      spec: { agentStack },
    } as never),
  )
const stack = (status?: string) =>
  objectOf(AgentStack, {
    metadata: { name: 'repairer', namespace },
    ...(status && {
      status: {
        conditions: [
          { type: 'McpHealthy', status: 'False' },
          { type: 'Ready', status, reason: 'McpServerMissing', message: 'one is not there' },
        ],
      },
    }),
  } as never)
const decide = (...objects: ReturnType<typeof stack>[]) =>
  rule.decide(create('repairer'), cluster(...objects))

t.match(rule.lookups?.(create('repairer')), [
  { kind: AgentStack, name: 'repairer', namespace, fresh: 'on-miss' },
])
t.strictSame(rule.lookups?.(create()), [])
t.match(decide(stack('False')), [
  {
    rule: 'R122',
    field: 'spec.agentStack',
    value: 'repairer',
    problem: 'is not Ready (McpServerMissing: one is not there)',
  },
])
t.strictSame(decide(stack('True')), [])
t.strictSame(decide(stack()), [], 'it has just been made')
t.strictSame(decide(), [], 'that it is not there is for another rule')
