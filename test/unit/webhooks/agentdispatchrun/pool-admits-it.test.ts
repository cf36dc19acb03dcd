import t from 'tap'
import { AgentDispatchRun } from '#src/api/activity/v1alpha1.ts'
import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { RunnerPool } from '#src/api/runners-ci/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/agentdispatchrun/pool-admits-it.ts'

const namespace = 'kradle-org-acme'
const create = (spec: object) =>
  request(
    'CREATE',
    AgentDispatchRun,
    objectOf(AgentDispatchRun, { metadata: { name: 'run', namespace }, spec } as never),
  )
const pool = (name: string, trustTier: string) =>
  objectOf(RunnerPool, { metadata: { name, namespace }, spec: { trustTier } } as never)
const stack = (runnerPool?: string) =>
  objectOf(AgentStack, { metadata: { name: 'repairer', namespace }, spec: { runnerPool } } as never)
const world = [pool('linux', 'trusted'), pool('forks', 'untrusted'), stack('linux')]
const decide = (spec: object, objects = world) =>
  rule.decide(create({ agentStack: 'repairer', ...spec }), cluster(...objects))

t.match(rule.lookups?.(create({ runnerPool: 'linux', agentStack: 'repairer' })), [
  { kind: RunnerPool, name: 'linux' },
  { kind: AgentStack, name: 'repairer' },
])
t.strictSame(rule.lookups?.(create({})), [])
t.strictSame(decide({ runnerPool: 'linux', trustTier: 'trusted' }), [])
t.strictSame(decide({ runnerPool: 'forks', trustTier: 'untrusted' }), [])
t.strictSame(decide({ trustTier: 'trusted' }), [])
t.strictSame(decide({ runnerPool: 'forks' }), [], 'a run that does not say is untrusted')
t.match(decide({ runnerPool: 'linux' }), [
  { problem: 'takes trusted work, and the run is untrusted', fix: /trustTier: untrusted$/ },
])
t.match(decide({ runnerPool: 'linux', trustTier: 'untrusted' }), [
  { rule: 'R222', field: 'spec.runnerPool', value: 'linux', problem: /^takes trusted work/ },
])
t.match(decide({ runnerPool: 'forks', trustTier: 'trusted' }), [
  { problem: 'takes untrusted work, and the run is trusted' },
])
t.match(decide({ trustTier: 'untrusted' }), [{ value: 'linux', problem: /^is the pool of the/ }])
t.strictSame(decide({ trustTier: 'untrusted' }, [stack()]), [], 'it has no pool')
t.strictSame(decide({ trustTier: 'untrusted' }, []), [])
