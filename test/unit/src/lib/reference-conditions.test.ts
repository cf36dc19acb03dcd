import t from 'tap'
import { AgentSkill, AgentToolProfile } from '#src/api/agents/v1alpha1.ts'
import { Secret } from '#src/api/core/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import {
  missingFrom,
  referencesResolved,
  referenceWatches,
  resolvedCondition,
  textOf,
} from '#src/lib/reference-conditions.ts'
import { cluster } from '#test/fixtures.ts'
import { Thing, thing } from '#test/fixtures-references.ts'

const object = (kind: Kind, name: string, namespace = 'kradle-org-acme') =>
  thing(name, {}, { namespace }, kind)

t.test('what is named and not there, at its place', async t => {
  const names = thing('one', { skills: ['a', 'b'], tool: { name: 'c' }, template: 'd' })
  t.strictSame(missingFrom(Thing, names, cluster()).map(textOf), [
    'spec.skills[0]: AgentSkill "a" does not exist',
    'spec.skills[1]: AgentSkill "b" does not exist',
    'spec.tool.name: AgentToolProfile "c" does not exist',
    'spec.template: PolicyTemplate "d" does not exist',
  ])
  const there = cluster(
    object(AgentSkill, 'a'),
    object(AgentSkill, 'b', 'kradle-org-globex'),
    object(AgentToolProfile, 'c', 'kradle-system'),
    object(PolicyTemplate, 'd', 'kradle-system'),
  )
  t.strictSame(
    missingFrom(Thing, names, there).map(({ name }) => name),
    ['b', 'c'],
    'neither another organisation nor the platform is a place to find it, but for templates',
  )
  const { namespace: _, ...homeless } = names.metadata
  t.equal(missingFrom(Thing, { ...names, metadata: homeless }, there).length, 3)
})

t.test('a condition tells the first few and counts the rest', async t => {
  t.strictSame(resolvedCondition('ReferencesResolved', []), {
    type: 'ReferencesResolved',
    status: 'True',
    reason: 'AllResolved',
    message: 'Everything that is named exists',
  })
  const names = thing('one', { skills: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] })
  const { message, ...condition } = resolvedCondition('X', missingFrom(Thing, names, cluster()))
  t.strictSame(condition, { type: 'X', status: 'False', reason: 'ReferenceMissing' })
  t.match(message, /^spec\.skills\[0\]: AgentSkill "a" does not exist, spec\.skills\[1\]: /)
  t.match(message, /"e" does not exist and 2 more; create what is missing .*\[R33\]$/)
})

t.test('most kinds say so in a condition of their own', async t => {
  const names = thing('one', { skills: ['a'] })
  t.match(referencesResolved(Thing, names, cluster()), {
    type: 'ReferencesResolved',
    status: 'False',
    reason: 'ReferenceMissing',
  })
  t.match(referencesResolved(Thing, names, cluster(object(AgentSkill, 'a'))), { status: 'True' })
})

t.test('whatever comes or goes brings up those that name it', async t => {
  const watches = referenceWatches(Thing)
  t.strictSame(
    watches.map(({ kind }) => kind),
    [AgentSkill, AgentToolProfile, PolicyTemplate],
  )
  const there = cluster(
    thing('one', { skills: ['a'] }),
    thing('two', { tool: { name: 'a' }, template: 'a' }),
    thing('three', { skills: ['b'] }),
    thing('far', { skills: ['a'], template: 'a' }, { namespace: 'kradle-org-globex' }),
  )
  const owners = (named: ReturnType<typeof object>) =>
    watches
      .find(({ kind }) => kind.kind === named.kind)
      ?.toOwners(named, there)
      .map(({ name, namespace }) => `${namespace}/${name}`)
  t.strictSame(owners(object(AgentSkill, 'a')), ['kradle-org-acme/one'])
  t.strictSame(owners(object(AgentSkill, 'a')), ['kradle-org-acme/one'], 'again')
  t.strictSame(owners(object(AgentToolProfile, 'a')), ['kradle-org-acme/two'])
  t.strictSame(owners(object(AgentSkill, 'c')), [])
  t.strictSame(owners(object(PolicyTemplate, 'a')), ['kradle-org-acme/two'])
  t.strictSame(
    owners(object(PolicyTemplate, 'a', 'kradle-system')),
    ['kradle-org-acme/two', 'kradle-org-globex/far'],
    'a template of the platform may be named from everywhere',
  )
  t.strictSame(owners(object(AgentSkill, 'a', 'kradle-system')), [])
  const { namespace: _, ...nowhere } = object(AgentSkill, 'a').metadata
  t.strictSame(owners({ ...object(AgentSkill, 'a'), metadata: nowhere }), [])
  t.strictSame(referenceWatches(Secret), [])
})
