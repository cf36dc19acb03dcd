import t from 'tap'
import { AgentStack, AgentTriggerRule } from '#src/api/agents/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { PolicyBinding, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { Invite, Team } from '#src/api/identity/v1alpha1.ts'
import { cluster, objectOf, request, team } from '#test/fixtures.ts'
import { inProcess } from '#webhooks/registry.ts'
import rule from '#webhooks/org-scoped/references-exist.ts'

const object = (kind: Kind, name: string, spec: object, namespace = 'kradle-org-acme') =>
  objectOf(kind, { metadata: { name, namespace }, spec } as never)
const trigger = (agentStack: unknown) => object(AgentTriggerRule, 'nightly', { agentStack })
const stack = (name: string, namespace?: string) => object(AgentStack, name, {}, namespace)
const binding = object(PolicyBinding, 'title', { templateRef: 'title' })
const template = (namespace: string) => object(PolicyTemplate, 'title', {}, namespace)

t.test('takes what names something that is there', async t => {
  const write = request('CREATE', AgentTriggerRule, trigger('repairer'))
  t.strictSame(rule.decide(write, cluster(stack('repairer'))), [])
  t.match(rule.lookups?.(write), [
    { kind: AgentStack, name: 'repairer', namespace: 'kradle-org-acme', fresh: 'on-miss' },
  ])
})

t.test('answers for one of another organisation as for one that nobody has', async t => {
  const write = request('CREATE', AgentTriggerRule, trigger('repairer'))
  const want = [
    {
      type: 'deny',
      rule: 'R143',
      field: 'spec.agentStack',
      value: 'repairer',
      problem: 'is no AgentStack in namespace "kradle-org-acme"',
      fix: 'create it first, or name one that is there',
    },
  ]
  t.strictSame(rule.decide(write, cluster()), want)
  t.strictSame(rule.decide(write, cluster(stack('repairer', 'kradle-org-globex'))), want)
})

t.test('is R33 where the rule book has no number of its own for it', async t => {
  const invite = object(Invite, 'joe', { acceptedBy: 'joe' })
  t.match(rule.decide(request('CREATE', Invite, invite), cluster()), [
    { rule: 'R33', field: 'spec.acceptedBy', value: 'joe' },
  ])
})

t.test('watches what configuration names, and reads activity one by one', async t => {
  const kinds = rule.kinds.flatMap(kind => rule.watches(kind))
  t.ok(kinds.includes(AgentStack))
  t.notOk(kinds.some(inProcess))
  t.ok(rule.kinds.flatMap(kind => rule.gets(kind)).every(inProcess))
})

t.test('looks at what is new only', async t => {
  const judged = (now: string, before: string) =>
    rule.decide(request('UPDATE', AgentTriggerRule, trigger(now), trigger(before)), cluster())
  t.strictSame(judged('gone', 'gone'), [], 'a name that stands may outlive what it names')
  t.match(judged('other', 'gone'), [{ value: 'other' }])
})

t.test('leaves what is malformed to the schema, and what may dangle to a condition', async t => {
  for (const value of [undefined, null, 7, '', {}, []])
    t.strictSame(
      rule.decide(request('CREATE', AgentTriggerRule, trigger(value)), cluster()),
      [],
      JSON.stringify(value),
    )
  const pool = object(AgentTriggerRule, 'nightly', { agentStack: 'a', runnerPool: 'gone' })
  t.strictSame(rule.decide(request('CREATE', AgentTriggerRule, pool), cluster(stack('a'))), [])
  t.strictSame(rule.decide(request('CREATE', Team, team()), cluster()), [])
})

t.test('finds a template of the platform, after those of the organisation', async t => {
  const write = request('CREATE', PolicyBinding, binding)
  t.match(rule.decide(write, cluster()), [{ rule: 'R200', field: 'spec.templateRef' }])
  for (const home of ['kradle-org-acme', 'kradle-system'])
    t.strictSame(rule.decide(write, cluster(template(home))), [], home)
  t.strictSame(
    rule.lookups?.(write).map(({ namespace }) => namespace),
    ['kradle-org-acme', 'kradle-system'],
  )
})
