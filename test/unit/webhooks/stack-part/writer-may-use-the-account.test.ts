import t from 'tap'
import { AgentSkill, AgentStack } from '#src/api/agents/v1alpha1.ts'
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
      problem: /AgentStack "b", whose account "two" is not for "jane" to use/,
    },
  ])
})

t.test('more accounts than are asked about take the right to all', async t => {
  const many = cluster(...Array.from({ length: 17 }, (_, i) => stack(`s${i}`, `a${i}`)))
  const none = accessOf([[use(''), false]])
  t.strictSame(rule.reviews(write, many, none), [])
  t.match(rule.decide(write, many, none), [{ rule: 'R42' }])
})
