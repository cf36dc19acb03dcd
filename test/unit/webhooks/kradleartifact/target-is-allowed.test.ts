import t from 'tap'
import { AgentDispatchRun, KradleArtifact } from '#src/api/activity/v1alpha1.ts'
import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/kradleartifact/target-is-allowed.ts'

const namespace = 'kradle-org-acme'
const create = (target?: string) =>
  request(
    'CREATE',
    KradleArtifact,
    objectOf(KradleArtifact, {
      metadata: { name: 'patch', namespace },
      spec: { dispatchRun: 'run-42', ...(target && { writeBack: { target } }) },
    } as never),
  )
const run = objectOf(AgentDispatchRun, {
  metadata: { name: 'run-42', namespace },
  spec: { agentStack: 'repairer' },
} as never)
const stack = (spec: object) =>
  objectOf(AgentStack, { metadata: { name: 'repairer', namespace }, spec } as never)
const world = cluster(run, stack({ writeBackPolicy: { allowedTargets: ['pull-request'] } }))
const decide = (target?: string, there = world) => rule.decide(create(target), there)

t.match(rule.lookups?.(create('issue')), [{ kind: AgentDispatchRun, name: 'run-42' }])
t.strictSame(rule.lookups?.(create()), [])
t.strictSame(decide(), [])
t.strictSame(decide('pull-request'), [])
t.match(decide('issue'), [
  {
    rule: 'R95',
    field: 'spec.writeBack.target',
    problem: 'is none of the targets of AgentStack "repairer"',
    fix: /^write one of pull-request/,
  },
])
t.match(decide('branch'), [{ rule: 'R96' }])
t.match(decide('issue', cluster(run, stack({}))), [{ fix: /^write no writeBack/ }])
t.match(decide('issue', cluster()), [{ rule: 'R95' }])
