import { pino } from 'pino'
import t from 'tap'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { askOwnRules, fillIn, type OwnRules } from '#src/apiserver/admission/own-rules.ts'
import { clusterOf } from '#src/lib/cluster.ts'
import { accessOf } from '#webhooks/access.ts'
import { registry } from '#webhooks/registry.ts'
import { allow, deny, mutation, rule, warn, type Rule } from '#webhooks/rule.ts'
import { attributesFor, thing } from '#test/support/activity-admission/attributes.ts'

const Thing: Kind = attributesFor().resource.kind
const Team: Kind = { ...Thing, group: 'kradle.a5c.ai', kind: 'Team', plural: 'teams' }
const match = { kinds: [Thing], operations: ['CREATE', 'UPDATE', 'DELETE'] as const, enforces: [] }
const denial = { rule: 'R1', field: 'spec', value: 1, problem: 'is wrong', fix: 'mend it' }
const now = new Date(0)
const team = {
  apiVersion: 'kradle.a5c.ai/v1',
  kind: 'Team',
  metadata: { name: 'a', namespace: 'red' },
}

const own = (
  decide: Rule['decide'],
  more: Partial<Rule> = {},
  others: Partial<OwnRules> = {},
): OwnRules => ({
  registry: registry(
    { 'thing/is-fine': rule({ ...match, decide, ...more }) },
    {
      'thing/is-filled': mutation({
        ...match,
        operations: ['CREATE'],
        needed: 'true',
        apply: ({ object }) =>
          object.spec['filled'] ? object : { ...object, spec: { ...object.spec, filled: true } },
      }),
    },
  ),
  view: () => clusterOf([team], now),
  ask: async (_, reviews) => accessOf(reviews.map(review => [review, true])),
  readOwn: async () => undefined,
  log: pino({ level: 'silent' }),
  ...others,
})

t.test('fills in', async t => {
  const rules = own(() => allow)
  const object = thing({ spec: {} })
  t.match(await fillIn(rules, { ...attributesFor(), object }), { spec: { filled: true } })
  const full = thing({ spec: { filled: true } })
  t.equal(await fillIn(rules, { ...attributesFor(), object: full }), full)
  const late = attributesFor({ operation: 'UPDATE', oldObject: thing() })
  t.equal(await fillIn(rules, { ...late, object }), object)
  const malformed = { ...thing(), spec: 'text' } as unknown as typeof object
  const asked = { ...attributesFor(), object: malformed }
  t.equal(await fillIn(rules, asked), malformed, 'what is malformed is for the schema to refuse')
})

t.test('denies and warns', async t => {
  const attributes = attributesFor()
  await askOwnRules(
    own(() => warn('mind')),
    attributes,
  )
  t.same(attributes.warnings, ['mind'])
  await t.rejects(
    askOwnRules(
      own(() => deny(denial)),
      attributes,
    ),
    {
      code: 403,
      reason: 'Forbidden',
      message:
        'things.shadow.example.com "one" is forbidden: spec: 1 is wrong; mend it [R1 thing/is-fine]',
      details: { causes: [{ reason: 'FieldValueForbidden', field: 'spec' }] },
    },
  )
})

t.test('of DELETE the object that goes, if there is one', async t => {
  const rules = own(() => deny(denial))
  const going = { operation: 'DELETE', object: undefined } as const
  await askOwnRules(rules, attributesFor(going))
  await t.rejects(askOwnRules(rules, attributesFor({ ...going, oldObject: thing() })), {
    code: 403,
  })
})

t.test('a rule that throws refuses', async t => {
  const throws = own(() => {
    throw new TypeError('a bug')
  })
  await t.rejects(askOwnRules(throws, attributesFor()), {
    code: 403,
    message: /the rule failed: TypeError/,
  })
})

t.test('what cannot be decided is 503', async t => {
  const lost = own(() => allow, {}, { view: () => Promise.reject(new Error('lost')) })
  await t.rejects(askOwnRules(lost, attributesFor()), {
    code: 503,
    reason: 'ServiceUnavailable',
    message: /nothing was decided/,
  })
})

t.test('rules see the own kinds from the store, and the rest from the cluster', async t => {
  const seen: unknown[] = []
  const read: KubernetesObject = thing({ metadata: { name: 'two', namespace: 'red' } })
  const rules = own(
    (_, cluster) => {
      seen.push(
        cluster.get(Thing, 'two', 'red'),
        cluster.get(Team, 'a', 'red'),
        cluster.list(Team, 'red').length,
        cluster.now,
      )
      t.throws(() => cluster.get(Thing, 'three', 'red'), { code: 'UnwatchedKind' })
      t.throws(() => cluster.list(Thing, 'red'))
      return allow
    },
    {
      lookups: () => [
        { kind: Thing, name: 'two', namespace: 'red', fresh: 'live' },
        { kind: Team, name: 'a', namespace: 'red', fresh: 'cached' },
      ],
      reviews: () => [{ verb: 'use', group: '', resource: 'x', namespace: '', name: '' }],
    },
    {
      readOwn: async (kind, name, namespace) =>
        kind === Thing && name === 'two' && namespace === 'red' ? read : undefined,
    },
  )
  await askOwnRules(rules, attributesFor())
  t.same(seen, [read, team, 1, now])
})
