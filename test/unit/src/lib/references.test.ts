import fc from 'fast-check'
import t from 'tap'
import { AgentSkill, AgentStack, AgentToolProfile } from '#src/api/agents/v1alpha1.ts'
import { Secret } from '#src/api/core/v1.ts'
import type { Kind, Reference } from '#src/api/kind.ts'
import { kinds } from '#src/api/kinds.ts'
import { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { homesOf, named, referencedKinds, referencesOf, names } from '#src/lib/references.ts'
import { cluster } from '#test/fixtures.ts'

const kind = (...references: Reference[]): Kind => ({
  group: 'example.com',
  version: 'v1',
  kind: 'Thing',
  plural: 'things',
  namespaced: true,
  references,
})
const to = (path: string, target = 'AgentSkill', onMissing: Reference['onMissing'] = 'condition') =>
  ({ path, kind: target, onMissing }) as const

const skill = (name: string, namespace = 'kradle-org-acme', of: Kind = AgentSkill) => ({
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind: of.kind,
  metadata: { name, namespace },
})

t.test('every form of a reference gives its name and the exact place of it', async t => {
  const thing = kind(
    to('spec.skillRefs[]'),
    to('spec.tool', 'AgentToolProfile', 'deny'),
    to('spec.steps[].uses[]'),
    to('spec.steps[].on'),
  )
  const object = {
    spec: {
      skillRefs: ['linting', { name: 'testing' }],
      tool: { name: 'careful', namespace: 'kradle-org-acme' },
      steps: [{ uses: ['a', 'b'] }, {}, { uses: [], on: 'c' }],
    },
  }
  t.strictSame(
    referencesOf(thing, object).map(({ path, kind: { kind: of }, name, onMissing }) => [
      path,
      of,
      name,
      onMissing,
    ]),
    [
      ['spec.skillRefs[0]', 'AgentSkill', 'linting', 'condition'],
      ['spec.skillRefs[1].name', 'AgentSkill', 'testing', 'condition'],
      ['spec.tool.name', 'AgentToolProfile', 'careful', 'deny'],
      ['spec.steps[0].uses[0]', 'AgentSkill', 'a', 'condition'],
      ['spec.steps[0].uses[1]', 'AgentSkill', 'b', 'condition'],
      ['spec.steps[2].on', 'AgentSkill', 'c', 'condition'],
    ],
  )
})

t.test('what is no name is skipped', async t => {
  const thing = kind(to('spec.skillRefs[]'), to('spec.tool'))
  for (const value of [null, 0, false, '', [], {}, { name: 1 }, { name: '' }, ['x', 1]])
    t.strictSame(referencesOf(thing, { spec: { tool: value } }), [], JSON.stringify(value))
  for (const value of [null, 'linting', 7, { 0: 'linting' }, [null, 1, {}, [['x']]]])
    t.strictSame(referencesOf(thing, { spec: { skillRefs: value } }), [], JSON.stringify(value))
  t.strictSame(referencesOf(Secret, { spec: { tool: 'x' } }), [])
})

t.test('no shape of an object is too much for it', async t => {
  const isName = ({ name }: { name: unknown }) => typeof name === 'string' && name !== ''
  const anything = fc.property(
    fc.constantFrom(...kinds),
    fc.jsonValue(),
    fc.jsonValue(),
    (of, whole, spec) => [referencesOf(of, whole), referencesOf(of, { spec })].flat().every(isName),
  )
  t.doesNotThrow(() => fc.assert(anything))
  // Every field that a definition declares, at whatever depth, with anything in its place.
  const declared = kinds.flatMap(of => (of.references ?? []).map(({ path }) => ({ of, path })))
  const inPlace = fc.property(
    fc.constantFrom(...declared),
    fc.jsonValue(),
    ({ of, path }, value) => {
      const object = path.split('.').reduceRight<unknown>((inner, step) => {
        const field = step.replace('[]', '')
        return { [field]: field === step ? inner : [inner, value] }
      }, value)
      return referencesOf(of, object).every(isName)
    },
  )
  t.doesNotThrow(() => fc.assert(inPlace))
})

t.test('the kinds that may be named, each once', async t => {
  t.strictSame(referencedKinds(kind(to('spec.a'), to('spec.b'), to('spec.c', 'AgentStack'))), [
    AgentSkill,
    AgentStack,
  ])
  t.strictSame(referencedKinds(Secret), [])
  t.throws(() => referencedKinds(kind(to('spec.a', 'Nonsense'))), /"Nonsense" .* is no kind/)
  for (const each of kinds) t.doesNotThrow(() => referencedKinds(each), each.kind)
})

t.test(
  'a name is one of the own namespace, except for a template that the platform ships',
  async t => {
    const acme = 'kradle-org-acme'
    const own = skill('linting')
    const there = cluster(
      own,
      skill('other', 'kradle-org-globex'),
      skill('careful', 'kradle-system', AgentToolProfile),
      skill('both', acme, PolicyTemplate),
      skill('both', 'kradle-system', PolicyTemplate),
      skill('shipped', 'kradle-system', PolicyTemplate),
    )
    t.equal(named(AgentSkill, 'linting', acme, there), own)
    t.equal(named(AgentSkill, 'other', acme, there), undefined)
    t.equal(named(AgentToolProfile, 'careful', acme, there), undefined)
    t.match(named(PolicyTemplate, 'both', acme, there), { metadata: { namespace: acme } })
    t.match(named(PolicyTemplate, 'shipped', acme, there), {
      metadata: { namespace: 'kradle-system' },
    })
    t.strictSame(homesOf(PolicyTemplate, acme), [acme, 'kradle-system'])
  },
)

t.test('knows at once whether an object names another', async t => {
  const stack = { spec: { skillRefs: ['linting'] } }
  for (const time of ['first', 'second']) {
    t.ok(names(AgentStack, stack, 'agentskills', 'linting'), time)
    t.notOk(names(AgentStack, stack, 'agentskills', 'other'), time)
    t.notOk(names(AgentStack, stack, 'agentsubagents', 'linting'), time)
  }
})
