import t from 'tap'
import { NamespacedMutatingPolicy, NamespacedValidatingPolicy } from '#src/api/kyverno/v1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { asItStands, bindingPlan, kindOf } from '#src/controllers/policy/binding-plan.ts'
import {
  binding,
  clusterAt,
  mutatingTemplate,
  policy,
  profile,
  template,
  time,
} from '#test/fixtures-kyverno.ts'

const look = (of = binding(), ...objects: KubernetesObject[]) =>
  bindingPlan(of, clusterAt(0, of, ...objects))

t.test('a binding with all it names becomes a policy', async t => {
  const plan = look(binding(), template())
  t.match(plan, {
    resolved: { status: 'True', reason: 'Found' },
    rendered: { status: 'True', reason: 'Rendered', message: 'kradle-acme-names' },
    kind: NamespacedValidatingPolicy,
    policy: { metadata: { name: 'kradle-acme-names' }, spec: { validationActions: ['Deny'] } },
    absent: undefined,
    rollout: { mode: 'enforce' },
  })
})

t.test('the platform has templates too', async t => {
  const plan = look(binding(), template({}, { namespace: 'kradle-system' }))
  t.match(plan.resolved.message, 'kradle-system')
})

t.test('the profile says how far it may go', async t => {
  const capped = look(binding(), template(), profile({ mode: 'audit' }))
  t.match(capped, {
    rollout: { mode: 'audit' },
    policy: { spec: { validationActions: ['Audit'] } },
  })
  const first = look(binding(), template(), profile({ defaultTemplates: ['team-names'] }))
  t.equal(first.rollout?.enforceAfter, time(14 * 86_400 - 3600))
})

t.test('the same objects are rendered once, and again for another mode', async t => {
  const [of, by] = [binding(), template()]
  const rules = profile({ defaultTemplates: ['team-names'] })
  const at = (seconds: number) => bindingPlan(of, clusterAt(seconds, of, by, rules))
  t.equal(at(0).policy, at(60).policy)
  t.strictSame(at(15 * 86_400).policy?.spec.validationActions, ['Deny'])
  t.not(bindingPlan(of, clusterAt(0, of, template(), rules)).policy, at(0).policy)
  t.not(bindingPlan(of, clusterAt(0, of, by)).policy, at(0).policy)
})

t.test(
  'what is missing or wrong says so, and does not say that there is to be no policy',
  async t => {
    const noTemplate = look()
    t.match(noTemplate, {
      resolved: { status: 'False', reason: 'TemplateMissing', message: '"team-names"' },
      rendered: { status: 'False', reason: 'TemplateMissing' },
    })
    const noProfile = look(binding({ profileRef: 'standard' }), template())
    t.match(noProfile, {
      resolved: { status: 'True' },
      rendered: { status: 'False', reason: 'ProfileMissing', message: '"standard"' },
      kind: NamespacedValidatingPolicy,
    })
    const misfit = look(binding({ parameters: { minLength: 'ten', colour: 'red' } }), template())
    t.match(misfit, {
      resolved: { status: 'True' },
      rendered: { status: 'False', reason: 'Invalid', message: 'spec.parameters.colour' },
    })
    for (const { policy: made, absent } of [noTemplate, noProfile, misfit])
      t.strictSame([made, absent], [undefined, undefined])
  },
)

t.test('suspend ends it, whatever is missing', async t => {
  const suspended = binding({ suspend: true, profileRef: 'standard' })
  for (const objects of [[], [template()], [template(), profile()]])
    t.match(look(suspended, ...objects), { policy: undefined, absent: { reason: 'Suspended' } })
})

t.test('what cannot only report is not there in audit', async t => {
  const of = binding({ mode: 'audit' })
  t.match(look(of, mutatingTemplate()), {
    kind: NamespacedMutatingPolicy,
    policy: undefined,
    absent: { reason: 'AuditOnly' },
  })
})

t.test('a policy can be applied as it stands', async t => {
  const { apiVersion, kind, metadata, spec } = policy()
  const { name, namespace, labels, annotations, ownerReferences } = metadata
  t.strictSame(asItStands(policy()), {
    apiVersion,
    kind,
    metadata: { name, namespace, labels, annotations, ownerReferences },
    spec,
  } as never)
  const bare = { apiVersion, kind, metadata: { name }, spec }
  t.strictSame(asItStands(bare), bare as never)
})

t.test('a binding of no namespace has the templates of the platform', async t => {
  const { namespace: _, ...metadata } = binding().metadata
  const plan = look({ ...binding(), metadata }, template({}, { namespace: 'kradle-system' }))
  t.equal(plan.resolved.status, 'True')
})

t.test('kinds are found by their names', async t => {
  t.equal(kindOf('NamespacedMutatingPolicy'), NamespacedMutatingPolicy)
  t.equal(kindOf('ClusterPolicy'), undefined)
})
