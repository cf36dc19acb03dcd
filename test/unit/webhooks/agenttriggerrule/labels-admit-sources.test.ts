import t from 'tap'
import { AgentContextLabel, AgentTriggerRule } from '#src/api/agents/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/agenttriggerrule/labels-admit-sources.ts'

const namespace = 'kradle-org-acme'
const metadata = { name: 'builds', namespace }
const trigger = (spec: object | undefined) =>
  ({ ...objectOf(AgentTriggerRule, { metadata } as AgentTriggerRule), spec }) as AgentTriggerRule
const label = (name: string, allowedSources: unknown, slug = 'acme') =>
  objectOf(AgentContextLabel, {
    metadata: { name, namespace: `kradle-org-${slug}` },
    spec: { organizationRef: slug, promptFragment: 'Be brief.', allowedSources },
  } as unknown as AgentContextLabel)
const create = (spec: object | undefined) => request('CREATE', AgentTriggerRule, trigger(spec))
const style = label('style', ['ci-failure', 'comment', 'cron'])

t.test('passes where every label allows every source', async t => {
  for (const spec of [
    { sources: ['ci-failure', 'comment'], contextLabels: ['style'] },
    { sources: [], cronExpression: '0 3 * * *', contextLabels: ['style'] },
    { sources: [], commentTrigger: { pattern: '^/fix' }, contextLabels: ['style'] },
    { sources: ['push'], contextLabels: [] },
    { sources: ['push'] },
  ])
    t.strictSame(rule.decide(create(spec), cluster(style)), [], JSON.stringify(spec))
})

t.test('refuses each label for the sources that it does not allow', async t => {
  const labels = ['style', 'closed', 'brief']
  const open = label('brief', ['push', 'ci-failure'])
  const spec = { sources: ['push', 'ci-failure'], contextLabels: labels }
  t.match(rule.decide(create(spec), cluster(style, label('closed', []), open)), [
    {
      rule: 'R132',
      field: 'spec.contextLabels',
      value: 'style',
      problem: 'is not for runs from push; it allows ci-failure, comment, cron',
    },
    {
      value: 'closed',
      problem: 'is not for runs from push, ci-failure; it allows none',
      fix: /"closed"/,
    },
  ])
})

t.test('counts a trigger with a field of its own as the source of that type', async t => {
  const none = label('style', [])
  for (const [field, type] of [
    ['cronExpression', 'cron'],
    ['webhookTrigger', 'webhook'],
    ['commentTrigger', 'comment'],
    ['labelTrigger', 'label'],
  ] as const) {
    const spec = { sources: [], [field]: {}, contextLabels: ['style'] }
    t.match(rule.decide(create(spec), cluster(none)), [
      { problem: `is not for runs from ${type}; it allows none` },
    ])
  }
})

t.test('leaves a label that is not there to the condition', async t => {
  const spec = { sources: ['push'], contextLabels: ['style', 'brief'] }
  t.strictSame(rule.decide(create(spec), cluster(label('style', [], 'globex'))), [])
  t.strictSame(rule.lookups(create(spec)), [
    { kind: AgentContextLabel, name: 'style', namespace, fresh: 'on-miss' },
    { kind: AgentContextLabel, name: 'brief', namespace, fresh: 'on-miss' },
  ])
})

t.test('looks again only where labels or sources change', async t => {
  const before = { sources: ['push'], contextLabels: ['style'], lifecycleState: 'active' }
  const update = (change: object) =>
    request('UPDATE', AgentTriggerRule, trigger({ ...before, ...change }), trigger(before))
  const paused = update({ lifecycleState: 'paused' })
  t.strictSame(rule.decide(paused, cluster(style)), [])
  t.strictSame(rule.lookups(paused), [])
  t.equal(rule.decide(update({ sources: ['push', 'comment'] }), cluster(style)).length, 1)
  t.equal(rule.decide(update({ labelTrigger: { labels: ['fix'] } }), cluster(style)).length, 1)
})

t.test('has nothing to say to what the schema will refuse', async t => {
  for (const contextLabels of [undefined, null, 'style', { 0: 'style' }, [7, null, '']]) {
    const odd = create({ sources: ['push'], contextLabels })
    t.strictSame(rule.lookups(odd), [])
    t.strictSame(rule.decide(odd, cluster(style)), [])
  }
  t.strictSame(
    rule.lookups({ ...create({}), object: { ...create({}).object, spec: undefined! } }),
    [],
  )
  t.strictSame(
    rule.decide(create({ sources: 'push', contextLabels: ['style'] }), cluster(style)),
    [],
  )
  const odd = cluster(label('style', 'push'))
  t.match(rule.decide(create({ sources: ['push'], contextLabels: ['style'] }), odd), [
    { problem: /allows none$/ },
  ])
})

t.test('names no more than a few sources', async t => {
  const many = Array.from({ length: 9 }, (_, index) => `s${index}`)
  const spec = { sources: many, contextLabels: ['style'] }
  t.match(rule.decide(create(spec), cluster(style)), [{ problem: /s3, s4 and 4 more; it allows/ }])
})
