import t from 'tap'
import type { KubernetesObject } from '#src/api/object.ts'
import { defaultBindings } from '#src/controllers/policy/default-bindings.ts'
import { binding, clusterAt, profile, template } from '#test/fixtures-kyverno.ts'

const look = (spec: object, ...objects: KubernetesObject[]) =>
  defaultBindings(profile(spec), clusterAt(0, ...objects))
const defaultTemplates = ['team-names']

t.test('a default template is bound under its own name', async t => {
  const { bindings, problems } = look({ defaultTemplates }, template())
  t.strictSame(problems, [])
  t.match(bindings, [
    {
      metadata: {
        name: 'team-names',
        namespace: 'kradle-org-acme',
        labels: { 'kradle.a5c.ai/org': 'acme' },
        ownerReferences: [{ kind: 'PolicyProfile', name: 'standard', uid: 'uid-of-standard' }],
      },
      spec: { templateRef: 'team-names', profileRef: 'standard', mode: 'audit', suspend: false },
    },
  ])
  const shipped = template({}, { namespace: 'kradle-system' })
  t.equal(look({ defaultTemplates }, shipped).bindings.length, 1)
})

t.test('in the mode of the profile, or else of the template', async t => {
  const rolloutDefaults = { mode: 'enforce' }
  const modeBy = (mode: string) =>
    look({ defaultTemplates, mode }, template({ rolloutDefaults })).bindings[0]?.spec.mode
  t.strictSame(['audit', 'enforce', 'mixed'].map(modeBy), ['audit', 'enforce', 'enforce'])
})

t.test('one that is bound in any way is left alone', async t => {
  const of = binding({ mode: 'audit', suspend: true })
  t.strictSame(look({ defaultTemplates }, template(), of), { bindings: [], problems: [] })
  t.strictSame(look({}), { bindings: [], problems: [] })
})

t.test('what only a person can bind is told of', async t => {
  const parameters = [
    { name: 'minLength', type: 'integer', required: true },
    { name: 'given', type: 'integer', required: true, default: 1 },
  ]
  t.match(look({ defaultTemplates }, template({ parameters })).problems, [/requires minLength:/])
  t.match(look({ defaultTemplates }).problems, [/no PolicyTemplate "team-names"/])
  const taken = binding({ templateRef: 'other' }, { name: 'team-names' })
  t.match(look({ defaultTemplates }, template(), taken).problems, [/is of another template/])
  const plain = template({ parameters: undefined })
  t.equal(look({ defaultTemplates }, plain).bindings.length, 1)
})

t.test('a profile of no namespace binds what the platform ships', async t => {
  const { namespace: _, ...metadata } = profile().metadata
  const of = { ...profile({ defaultTemplates }), metadata }
  const shipped = template({}, { namespace: 'kradle-system' })
  t.equal(defaultBindings(of, clusterAt(0, shipped)).bindings.length, 1)
})
