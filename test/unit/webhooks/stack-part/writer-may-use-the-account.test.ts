import t from 'tap'
import {
  AgentContextLabel,
  AgentMcpServer,
  AgentPersona,
  AgentSkill,
  AgentStack,
  AgentTriggerRule,
} from '#src/api/agents/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { RunnerPool } from '#src/api/runners-ci/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import { accessOf, noAccess } from '#webhooks/access.ts'
import rule from '#webhooks/stack-part/writer-may-use-the-account.ts'

const skill = objectOf(AgentSkill, {
  metadata: { name: 'linting', namespace: 'kradle-org-acme' },
  spec: { format: 'markdown' },
} as never)
const stack = (
  name: string,
  account: string,
  skills = ['linting'],
  namespace = 'kradle-org-acme',
) =>
  objectOf(AgentStack, {
    metadata: { name, namespace },
    spec: { runtimeIdentity: { serviceAccountRef: account }, skillRefs: skills },
  } as never)

const write = request('CREATE', AgentSkill, skill)
const use = (name: string) => ({
  verb: 'use',
  group: 'kradle.a5c.ai',
  resource: 'agentserviceaccounts',
  namespace: 'kradle-org-acme',
  name,
})

t.test('asks nothing about a part that no stack has', async t => {
  for (const none of [
    cluster(),
    cluster(stack('a', 'one', ['other'])),
    cluster(stack('a', 'one', ['linting'], 'kradle-org-globex')),
  ]) {
    t.strictSame(rule.reviews(write, none, noAccess), [])
    t.strictSame(rule.decide(write, none, noAccess), [])
  }
})

t.test('whoever may use every account may write it', async t => {
  const used = cluster(stack('a', 'one'), stack('b', 'two'), stack('c', 'one'))
  t.strictSame(rule.reviews(write, used, noAccess), [use('')])
  const all = accessOf([[use(''), true]])
  t.strictSame(rule.reviews(write, used, all), [])
  t.strictSame(rule.decide(write, used, all), [])

  const none = accessOf([[use(''), false]])
  t.strictSame(rule.reviews(write, used, none), [use('one'), use('two')])
  const both = accessOf([
    [use(''), false],
    [use('one'), true],
    [use('two'), true],
  ])
  t.strictSame(rule.decide(write, used, both), [])
})

t.test('whoever may not use one of them may not', async t => {
  const used = cluster(stack('a', 'one'), stack('b', 'two'))
  const one = accessOf([
    [use(''), false],
    [use('one'), true],
    [use('two'), false],
  ])
  t.match(rule.decide(write, used, one), [
    {
      rule: 'R42',
      field: 'metadata.name',
      value: 'linting',
      problem: /is part of AgentStack "b"; .*"use" on agentserviceaccounts "two".*"jane" does not/,
    },
  ])
})

t.test('more accounts than are asked about take the right to all', async t => {
  const many = cluster(...Array.from({ length: 17 }, (_, i) => stack(`s${i}`, `a${i}`)))
  const none = accessOf([[use(''), false]])
  t.strictSame(rule.reviews(write, many, none), [])
  t.match(rule.decide(write, many, none), [{ rule: 'R42' }])
})

const object = (kind: Kind, name: string, spec: object) =>
  objectOf(kind, { metadata: { name, namespace: 'kradle-org-acme' }, spec } as never)
const asked = (kind: Kind, written: ReturnType<typeof object>, ...there: (typeof written)[]) =>
  rule.reviews(request('CREATE', kind, written), cluster(...there), accessOf([[use(''), false]]))

t.test('looks through skills and what starts a stack', async t => {
  const stacks = [stack('a', 'one'), stack('b', 'two', [])]
  const server = object(AgentMcpServer, 'tracker', {})
  const bySkill = object(AgentSkill, 'linting', {
    toolDependencies: [{ name: 't', mcpServerRef: 'tracker' }],
  })
  t.strictSame(asked(AgentMcpServer, server, ...stacks, bySkill), [use('one')])
  const label = object(AgentContextLabel, 'style', {})
  const trigger = object(AgentTriggerRule, 'nightly', { agentStack: 'b', contextLabels: ['style'] })
  t.strictSame(asked(AgentContextLabel, label, ...stacks, trigger), [use('two')])
})

t.test('asks about what names a stack or an account', async t => {
  const trigger = object(AgentTriggerRule, 'nightly', { agentStack: 'a' })
  t.strictSame(asked(AgentTriggerRule, trigger, stack('a', 'one')), [use('one')])
  const pool = object(RunnerPool, 'linux', { serviceAccountRef: 'one' })
  t.strictSame(asked(RunnerPool, pool), [use('one')])
  t.match(rule.lookups?.(request('CREATE', AgentTriggerRule, trigger)), [
    { kind: AgentStack, name: 'a', fresh: 'on-miss' },
  ])
  t.strictSame(rule.lookups?.(request('CREATE', RunnerPool, pool)), [], 'its account is its name')
  t.match(
    rule.decide(
      request('CREATE', RunnerPool, pool),
      cluster(),
      accessOf([
        [use(''), false],
        [use('one'), false],
      ]),
    ),
    [{ field: 'spec.serviceAccountRef', value: 'one', problem: /^is an agent's account; / }],
  )
})

t.test('what names a stack that is yet to come takes the right to all', async t => {
  const persona = object(AgentPersona, 'maintainer', { stackRef: 'later' })
  t.strictSame(asked(AgentPersona, persona), [])
  const none = accessOf([[use(''), false]])
  t.match(rule.decide(request('CREATE', AgentPersona, persona), cluster(), none), [
    { rule: 'R42', field: 'spec.stackRef', value: 'later', problem: /all of them/ },
  ])
})
