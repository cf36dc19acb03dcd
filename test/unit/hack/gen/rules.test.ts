import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Definition, Schema } from '#hack/gen/definitions.ts'
import { refusalOf } from '#hack/gen/refusals.ts'
import { ruleBook, type Entry } from '#hack/gen/rule-book.ts'
import { homesOf, placesOf, refuses, rulesPage, wrapped, type Homes } from '#hack/gen/rules.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { registry } from '#webhooks/registry.ts'
import { allow, rule } from '#webhooks/rule.ts'

const definition = (file: string, says: string): Definition => ({
  file,
  context: 'x',
  stored: 'etcd',
  scope: 'org',
  group: 'kradle.a5c.ai',
  version: 'v1alpha1',
  kind: 'Gadget',
  plural: 'gadgets',
  shortNames: [],
  references: [],
  schema: { 'x-kubernetes-validations': [{ rule: 'true', message: says }] } satisfies Schema,
})
const judge = rule({
  kinds: [Team],
  operations: ['CREATE'],
  enforces: ['R2'],
  decide: () => allow,
})
const Record = { ...Team, group: 'activity.kradle.a5c.ai', plural: 'records' }
const inside = { ...judge, kinds: [Record], enforces: ['R3'] }
const rules = registry({ 'record/inside': inside, 'team/judge': judge }, {})

t.test('the book has every number, in a few words of its own', async t => {
  t.strictSame(
    Object.keys(ruleBook),
    Array.from({ length: 227 }, (_, index) => `R${index + 1}`),
  )
  for (const [number, { title }] of Object.entries(ruleBook)) {
    t.ok(title.split(' ').length <= 16, `${number}: ${title}`)
    t.notMatch(title, /\.$/, number)
  }
})

t.test('numbers are found in definitions, policies and webhooks', async t => {
  const policy = join(t.testdir({}), 'policy.yaml')
  writeFileSync(policy, '# Holds R2 and R2 (R3).\n')
  const homes = homesOf(
    rules,
    [definition('crds/a.yaml', 'no (R1), never (R2)'), definition('b', 'x')],
    [policy],
  )
  t.strictSame([...homes.keys()], ['R1', 'R2', 'R3'])
  t.strictSame(homes.get('R2'), [
    { by: 'schema', says: '`crds/a.yaml`' },
    { by: 'admission policy', says: `\`${policy}\`` },
    { by: 'webhook', says: '`webhooks/team/judge.ts`' },
  ])
  t.strictSame(homes.get('R3'), [
    { by: 'admission policy', says: `\`${policy}\`` },
    { by: 'kradle-apiserver', says: '`webhooks/record/inside.ts`' },
  ])
  const kept = registry({ 'team/judge': { ...judge, background: 'always' } }, {})
  t.strictSame(homesOf(kept, [], []).get('R2'), [
    { by: 'webhook', says: '`webhooks/team/judge.ts`' },
    { by: 'scanner', says: '`webhooks/team/judge.ts`' },
  ])
  const many = Array.from({ length: 8 }, (_, index) => definition(`${index}.yaml`, 'R1'))
  t.strictSame(homesOf(rules, many, []).get('R1'), [
    { by: 'schema', says: '8 of the 8 files of `crds`' },
  ])
})

t.test('a rule refuses if something that answers requests holds it', async t => {
  const schema = { by: 'schema', says: 'x' } as const
  const controller = { by: 'controller', says: 'y' } as const
  const holds = (entry: Partial<Entry>) => ({ title: 'x', ...entry })
  t.equal(refuses(holds({}), [schema]), true)
  t.equal(refuses(holds({ places: [schema] }), []), true)
  t.equal(refuses(holds({ places: [controller] }), []), false)
  t.equal(refuses(holds({ refusesNothing: 'it warns' }), [schema]), false)
  t.equal(refuses(holds({ unrecorded: true }), [schema]), false)
  t.equal(refuses(holds({ planned: '' }), [schema]), false)
  t.strictSame(placesOf(holds({ places: [controller], beside: ['schema'] }), [schema]), [
    controller,
  ])
})

t.test('what is beside a rule where writes are judged is beside it in the background', async t => {
  const places = (['webhook', 'kradle-apiserver', 'scanner'] as const).map(by => ({
    by,
    says: 'x',
  }))
  const seen = (...beside: Entry['beside'] & object) =>
    placesOf({ title: 'x', beside }, places).map(({ by }) => by)
  t.strictSame(seen(), ['webhook', 'kradle-apiserver', 'scanner'])
  t.strictSame(seen('webhook'), ['kradle-apiserver'])
  t.strictSame(seen('kradle-apiserver'), ['webhook'])
})

const homes: Homes = new Map([
  ['R2', [{ by: 'schema', says: '`crds/a.yaml`' }]],
  ['R3', [{ by: 'webhook', says: '`webhooks/a.ts`' }]],
])
const book: Record<string, Entry> = {
  R10: { title: 'Ten', planned: 'this much' },
  R2: { title: 'Two' },
  R3: { title: 'Three', partly: 'not all', refusesNothing: 'it warns' },
  R4: { title: 'Four', planned: '' },
}
const inProcess: Record<string, Entry> = { R3: { title: 'Three', unrecorded: true } }
const example = refusalOf('r2-a.yaml', 'kind: User\n---\nkind: Team\n')

t.test('every rule has a row, and a section where something holds it', async t => {
  const page = rulesPage(homes, [example], { 'r2-a.yaml': 'No [R2]' }, book)
  t.match(
    page,
    `
| [R2](#r2) | Two | schema |
| [R3](#r3) | Three | partly: webhook |
| R4 | Four | planned |
| R10 | Ten | planned; so far: this much |

## R2

Two.

- schema: \`crds/a.yaml\`

[r2-a.yaml](../refused/r2-a.yaml), after what stands before it in the file:

\`\`\`yaml
kind: Team
\`\`\`

\`\`\`text
No [R2]
\`\`\`

## R3

Three.

- webhook: \`webhooks/a.ts\`

Partly: not all.

Nothing is refused: it warns.
`,
  )
  t.match(
    rulesPage(new Map([...homes].slice(1)), [], {}, inProcess),
    'Three.\n\n- webhook: `webhooks/a.ts`\n\nIt takes kradle-apiserver to refuse something; there is no example yet.\n',
  )
  const alone = refusalOf('r2-a.yaml', 'kind: Team\n')
  t.match(
    rulesPage(homes, [alone], { 'r2-a.yaml': 'No' }, book),
    '[r2-a.yaml](../refused/r2-a.yaml):\n',
  )
})

t.test('what does not fit together is found', async t => {
  t.throws(() => rulesPage(homes, [], {}, {}), { message: 'R2 is not in the rule book' })
  t.throws(() => rulesPage(homes, [], {}, { ...book, R5: { title: 'Five' } }), {
    message: 'R5 is enforced nowhere; give its place, or call it planned',
  })
  t.throws(() => rulesPage(homes, [example], {}, book), /^r2-a\.yaml has no answer; run /)
  const stray = refusalOf('r99-a.yaml', 'kind: Team\n')
  t.throws(() => rulesPage(homes, [stray], {}, book), { message: 'R99 is not in the rule book' })
  t.throws(() => rulesPage(new Map(), [], {}), /^R4 is enforced nowhere/)
})

t.test('answers are broken at spaces alone', async t => {
  const word = 'x'.repeat(60)
  t.equal(wrapped(`a ${word} ${word}\nb`), `a ${word}\n${word}\nb`)
  t.equal(wrapped('y'.repeat(200)), 'y'.repeat(200))
})
