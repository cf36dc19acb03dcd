import { resolve } from 'node:path'
import t from 'tap'
import { Job } from '#src/api/activity/v1alpha1.ts'
import { AgentConfigGrant, Team } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject, UnknownObject } from '#src/api/object.ts'
import { schemasIn } from '#src/check/schemas.ts'
import { asked, judgeKept } from '#src/scan/judge.ts'
import { keptRules } from '#src/scan/kept.ts'
import { binding, cluster, team } from '#test/fixtures.ts'
import { configGrant } from '#test/fixtures-agents.ts'
import { rules } from '#webhooks/index.ts'
import { deny, rule, warn, type Rule } from '#webhooks/rule.ts'

const schemas = schemasIn(resolve('crds'))
const shipped = keptRules(rules)
const judged = (kind: Kind, object: KubernetesObject, by = shipped, own = schemas) =>
  judgeKept(asked(kind, object as unknown as UnknownObject, by), own, cluster(binding()))
const by = (...decisions: Rule['decide'][]) =>
  keptRules(
    Object.fromEntries(
      decisions.map((decide, index) => [
        `team/rule-${index}`,
        rule({
          kinds: [Team, Job],
          operations: ['CREATE'],
          enforces: ['R1'],
          background: index === 0 ? 'always' : 'while-open',
          decide,
        }),
      ]),
    ),
  )
const none = () => undefined
const refuse = (problem: string, field = 'spec.x', number = 'R1') =>
  deny({ rule: number, field, value: 1, problem, fix: 'mend it' })

t.test('counts whoever has nothing to say, the definition too', async t => {
  const { passed, found } = judged(Team, team())
  t.strictSame(found, [])
  t.equal(
    passed,
    shipped.open.rulesFor(asked(Team, team() as unknown as UnknownObject, shipped).request).length +
      1,
  )
})

t.test(
  'says what the definition would say of a new object, whatever it was when it came',
  async t => {
    const { found } = judged(Team, team('acme', { spec: { displayName: '', colour: 'red' } }))
    t.match(found, [{ policy: 'schema', rule: '', result: 'fail', field: 'spec.displayName' }])
    t.match(found[0]!.message, /^spec\.displayName: Invalid value/)
  },
)

t.test('numbers what a definition numbers', async t => {
  const { found } = judged(Team, team('acme', { metadata: { labels: {} } }), by(), () => ({
    ...schemas(Team)!,
    keptCauses: () => [
      { field: 'spec', reason: 'FieldValueInvalid', message: 'Invalid value: no [R46]' },
    ],
  }))
  t.match(found, [{ policy: 'schema', rule: 'R46' }])
})

t.test('puts together what one rule says under one number', async t => {
  const { passed, found } = judged(
    Team,
    team(),
    by(
      () => [
        ...refuse('is one'),
        ...refuse('is two', 'spec.y'),
        ...refuse('is three', 'spec.z', 'R2'),
      ],
      () => [],
    ),
    none,
  )
  t.equal(passed, 1)
  t.strictSame(
    found.map(({ policy, rule: number, field }) => [policy, number, field]),
    [
      ['team/rule-0', 'R1', 'spec.x'],
      ['team/rule-0', 'R2', 'spec.z'],
    ],
  )
  t.match(found[0]!.message, /^spec\.x: 1 is one; .*\nspec\.y: 1 is two; /)
})

t.test('what fails to judge is an error, and no failure of the object', async t => {
  const { found } = judged(
    Team,
    team(),
    by(() => {
      throw new TypeError('bug')
    }),
    none,
  )
  t.match(found, [
    { policy: 'team/rule-0', result: 'error', message: /the rule failed: TypeError/ },
  ])
})

t.test('advice is a warning, under its rule', async t => {
  const { found } = judged(
    Team,
    team(),
    by(
      () => warn('better not [R61]'),
      () => warn('nor that'),
    ),
    none,
  )
  t.strictSame(
    found.map(({ policy, rule: number, result }) => [policy, number, result]),
    [
      ['team/rule-0', 'R61', 'warn'],
      ['team/rule-1', '', 'warn'],
    ],
  )
  const grant = configGrant()
  const { spec } = grant
  const sensitive = { ...grant, spec: { ...spec, configMapRef: { name: 'a', keys: ['password'] } } }
  t.match(judged(AgentConfigGrant, sensitive, shipped, none).found, [
    { policy: 'agentconfiggrant/keys-are-not-sensitive', rule: 'R61', result: 'warn' },
  ])
})

t.test('what is over is asked about by fewer', async t => {
  const both = by(
    () => [],
    () => refuse('is gone'),
  )
  const job = (phase: string) =>
    ({
      apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
      kind: 'Job',
      metadata: { name: 'a' },
      status: { phase },
    }) as KubernetesObject
  t.strictSame(judged(Job, job('Succeeded'), both, none), { passed: 1, found: [] })
  t.equal(judged(Job, job('Running'), both, none).found.length, 1)
})

t.test('what looks like a credential is not repeated, and what is long is cut', async t => {
  const said = (problem: string) =>
    judged(
      Team,
      team(),
      by(() => refuse(problem)),
      none,
    ).found[0]!.message
  t.equal(
    said(`holds ghp_${'a1B2'.repeat(10)}`),
    'what is wrong here looks like a credential, and so is not repeated; look at the object',
  )
  const long = said('é'.repeat(2000))
  t.ok(Buffer.byteLength(long) <= 1024)
  t.match(long, /é\.\.\.$/)
})
