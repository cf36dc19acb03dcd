import t from 'tap'
import { AgentPersona, AgentStack } from '#src/api/agents/v1alpha1.ts'
import { AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { PolicyBinding, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/org-scoped/deletion-is-noticed.ts'

const object = (kind: Kind, name: string, spec: object, namespace = 'kradle-org-acme') =>
  objectOf(kind, { metadata: { name, namespace }, spec } as never)
const account = object(AgentServiceAccount, 'repairer', {})
const stack = (name: string, serviceAccountRef = 'repairer', namespace?: string) =>
  object(AgentStack, name, { runtimeIdentity: { serviceAccountRef } }, namespace)
const binding = (name: string, namespace: string) =>
  object(PolicyBinding, name, { templateRef: 'title' }, namespace)

const said = (target: typeof account, kind: Kind, ...others: (typeof account)[]) =>
  rule.decide(request('DELETE', kind, target), cluster(...others))

t.test('says nothing where nobody names it', async t => {
  t.strictSame(said(account, AgentServiceAccount), [])
  t.strictSame(said(account, AgentServiceAccount, stack('other', 'somebody')), [])
  const foreign = stack('foreign', 'repairer', 'kradle-org-globex')
  t.strictSame(said(account, AgentServiceAccount, foreign), [], 'a name counts in its namespace')
})

t.test('tells who names it, and lets it go', async t => {
  t.strictSame(said(account, AgentServiceAccount, stack('a')), [
    {
      type: 'warn',
      message:
        'AgentServiceAccount "repairer" is still named by AgentStack "a" (spec.runtimeIdentity.serviceAccountRef); what names it is not Ready until it is there again [R33]',
    },
  ])
  const many = ['a', 'b', 'c', 'd', 'e'].map(name => stack(name))
  t.match(said(account, AgentServiceAccount, ...many), [
    { message: /AgentStack "c" \(spec[^)]*\) and 2 more;/ },
  ])
})

t.test('counts those of other organisations, which name a template of the platform', async t => {
  const template = object(PolicyTemplate, 'title', {}, 'kradle-system')
  const bindings = ['kradle-org-acme', 'kradle-org-globex'].map(home => binding('b', home))
  t.match(said(template, PolicyTemplate, ...bindings), [
    { message: /still named by 2 objects of organisations;/ },
  ])
  t.match(said(template, PolicyTemplate, bindings[0]!), [{ message: /by 1 object of organ/ }])
  const own = object(PolicyTemplate, 'title', {})
  t.match(said(own, PolicyTemplate, ...bindings), [{ message: /by PolicyBinding "b" \(spec/ }])
})

t.test('tells of nothing else in the namespace of the platform who names it elsewhere', async t => {
  const stray = object(AgentServiceAccount, 'repairer', {}, 'kradle-system')
  t.strictSame(said(stray, AgentServiceAccount, stack('a')), [])
})

t.test('calls it by its resource where the object does not say its kind', async t => {
  const { kind: _, ...rest } = account
  t.match(said(rest as typeof account, AgentServiceAccount, stack('a')), [
    { message: /^agentserviceaccounts "repairer" is still named/ },
  ])
})

t.test('has nothing to say of a kind that nothing names', async t => {
  t.notOk(rule.kinds.includes(AgentPersona))
  t.strictSame(said(object(AgentPersona, 'a', {}), AgentPersona, stack('a')), [])
})

t.test('watches whoever may name something, for the names alone', async t => {
  t.ok(rule.names.includes(AgentStack))
  t.ok(rule.kinds.includes(AgentServiceAccount))
  t.notOk('watches' in rule)
})
