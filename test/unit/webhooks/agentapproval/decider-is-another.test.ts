import t from 'tap'
import { AgentApproval, AgentDispatchRun } from '#src/api/activity/v1alpha1.ts'
import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import { accessOf } from '#webhooks/access.ts'
import rule from '#webhooks/agentapproval/decider-is-another.ts'

const namespace = 'kradle-org-acme'
const approval = (spec: object = {}, status: object = {}) =>
  objectOf(AgentApproval, {
    metadata: { name: 'merge', namespace },
    spec: { dispatchRun: 'run-42', action: 'write-back', requestedBy: 'joe', ...spec },
    status,
  } as never)
const decision = { decision: 'Approved', reason: 'looks right' }
const world = [
  objectOf(AgentDispatchRun, {
    metadata: { name: 'run-42', namespace },
    spec: { agentStack: 'repairer' },
  } as never),
  objectOf(AgentStack, {
    metadata: { name: 'repairer', namespace },
    spec: { runtimeIdentity: { serviceAccountRef: 'robot' } },
  } as never),
  ...Object.entries({ joe: 'joe', 'joe@home': 'joe', jane: 'jane' }).map(([subject, user]) =>
    objectOf(IdentityMapping, {
      metadata: { name: subject.replace('@', '-'), namespace },
      spec: { provider: 'kubernetes', subject, user },
    } as never),
  ),
]
const update = (username: string | undefined, spec: object = decision, old = approval()) => ({
  ...request('UPDATE', AgentApproval, approval({ ...old.spec, ...spec }), old),
  user: username === undefined ? {} : { username },
})
const asked = (username: string | undefined, allowed = true, objects = world) => {
  const write = update(username)
  const access = accessOf(rule.reviews(write).map(r => [r, allowed]))
  return rule.decide(write, cluster(...objects), access)
}

t.test('somebody else with the verb approve may decide', async t => {
  const write = update('jane')
  t.match(rule.lookups(write), [
    { kind: AgentDispatchRun, name: 'run-42', namespace, fresh: 'live' },
  ])
  t.match(rule.reviews(write), [
    { verb: 'approve', resource: 'agentapprovals', namespace, name: 'merge' },
  ])
  t.strictSame(asked('jane'), [])
  t.strictSame(asked('stranger', true, []), [], 'whoever has no User is nobody twice')
})

t.test('neither who asks nor the agent nor any other program', async t => {
  const problems = Object.entries({
    joe: /"joe", who asks for it/,
    'joe@home': /who is the same User as "joe"/,
    [`system:serviceaccount:${namespace}:robot`]: /under which the run itself works/,
    [`system:serviceaccount:${namespace}:other`]: /a program cannot answer/,
  })
  for (const [username, problem] of problems)
    t.match(asked(username), [{ rule: 'R88', field: 'spec.decision', problem }], username)
  t.match(asked(`system:serviceaccount:${namespace}:robot`, true, []), [
    { problem: /a program cannot answer/ },
  ])
})

t.test('nobody without the verb', async t => {
  t.match(asked('jane', false), [{ rule: 'R88', problem: /verb approve, which "jane" has not/ }])
  t.match(asked(undefined, false), [{ rule: 'R88' }])
})

t.test('nobody too late', async t => {
  const late = (spec: object, status: object = {}) => {
    const write = update('jane', decision, approval(spec, status))
    const access = accessOf(rule.reviews(write).map(r => [r, true]))
    return rule.decide(write, cluster(...world), access)
  }
  t.match(late({ expiresAt: '2026-11-21T11:59:59Z' }), [
    { rule: 'R93', problem: /comes after 2026-11-21T11:59:59Z/ },
  ])
  t.strictSame(late({ expiresAt: '2026-11-21T12:00:01Z' }), [])
  t.match(late({}, { phase: 'Denied' }), [{ rule: 'R93', problem: /after the answer "Denied"/ }])
  t.match(late({}, { phase: 'Approved' }), [{ rule: 'R93' }])
  t.strictSame(late({}, { phase: 'Pending' }), [])
})

t.test('nobody once the run is over', async t => {
  const during = (phase: string) => {
    const write = update('jane')
    const access = accessOf(rule.reviews(write).map(r => [r, true]))
    const [run, ...others] = world
    return rule.decide(write, cluster({ ...run!, status: { phase } } as never, ...others), access)
  }
  for (const phase of ['Completed', 'Failed'])
    t.match(during(phase), [
      { rule: 'R93', problem: `comes after run "run-42", which is ${phase}` },
    ])
  t.strictSame(during('AwaitingApproval'), [])
})

t.test('no question brings its answer', async t => {
  const create = (spec: object) =>
    rule.decide(request('CREATE', AgentApproval, approval(spec)), cluster(), accessOf([]))
  t.match(create({ decision: 'Approved' }), [{ rule: 'R86', field: 'spec.decision' }])
  t.match(create({ reason: 'me' }), [{ rule: 'R86', field: 'spec.reason' }])
  t.strictSame(create({}), [])
})

t.test('nothing else is its business', async t => {
  const decided = approval(decision)
  const again = update('joe', { reason: 'looks right' }, decided)
  t.strictSame(rule.lookups(again), [])
  t.strictSame(rule.reviews(again), [])
  t.strictSame(rule.decide(again, cluster(), accessOf([])), [])
})
