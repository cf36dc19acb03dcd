import t from 'tap'
import type { KubernetesObject } from '#src/api/object.ts'
import { exceptionPlan } from '#src/controllers/policy/exception-plan.ts'
import { binding, clusterAt, profile, request, template, time } from '#test/fixtures-kyverno.ts'

const look = (of = request(), ...objects: KubernetesObject[]) =>
  exceptionPlan(of, time(-60), clusterAt(0, of, ...objects))
const reasonOf = (...objects: Parameters<typeof look>) => look(...objects).admitted.reason

t.test('what was approved and still stands is made', async t => {
  for (const rules of [[], [profile()]]) {
    const plan = look(request(), binding(), template(), ...rules)
    t.match(plan, {
      admitted: { type: 'Admitted', status: 'True' },
      exception: { metadata: { name: 'kradle-acme-short', namespace: 'kradle-system' } },
      binding: { metadata: { name: 'names' } },
      template: { metadata: { name: 'team-names' } },
    })
  }
})

t.test('there has to be what to be exempt from', async t => {
  t.equal(reasonOf(request()), 'PolicyMissing')
  t.equal(reasonOf(request(), binding()), 'TemplateMissing')
  t.equal(reasonOf(request(), binding({ profileRef: 'standard' }), template()), 'ProfileMissing')
  t.equal(look(request(), binding()).exception, undefined)
})

t.test('a binding that was made after the decision is another one', async t => {
  const late = binding({}, { creationTimestamp: time(-59) })
  t.equal(reasonOf(request(), late, template()), 'PolicyReplaced')
  const same = binding({}, { creationTimestamp: time(-60) })
  t.equal(reasonOf(request(), same, template()), 'Admitted')
  const { creationTimestamp: _, ...metadata } = binding().metadata
  t.equal(reasonOf(request(), { ...binding(), metadata }, template()), 'Admitted')
})

t.test('the profile may allow no more what it allowed', async t => {
  const by = (exceptions: object, spec: object = {}, of = request()) =>
    look(of, binding(), template(), profile(spec, exceptions)).admitted
  t.match(by({ allowed: false }), { reason: 'NotAllowed', message: 'PolicyProfile "standard"' })
  const long = request({ expiresAt: time(30 * 86_400) })
  t.match(by({}, {}, long), { reason: 'TooLong', message: '30 days' })
  t.equal(by({ maxDurationDays: 31 }, {}, long).reason, 'Admitted')
  t.match(look(long, binding(), template()).admitted, { reason: 'TooLong', message: 'The default' })
})

t.test('where the policy refuses, somebody bears the risk', async t => {
  const lonely = request({ riskAcceptance: ' ' })
  const nobody = request({ riskAcceptance: undefined })
  const by = (of: typeof lonely, exceptions: object, spec: object = {}) =>
    reasonOf(of, binding(), template(), profile(spec, exceptions))
  t.equal(by(lonely, {}), 'RiskNotAccepted')
  t.equal(by(nobody, {}), 'RiskNotAccepted')
  t.equal(by(nobody, { requireRiskAcceptance: false }), 'Admitted')
  t.equal(by(nobody, {}, { mode: 'audit' }), 'Admitted')
})

t.test('there is no exception for everything', async t => {
  t.equal(reasonOf(request({ resources: [] }), binding(), template()), 'NoResources')
  t.equal(reasonOf(request({ resources: undefined }), binding(), template()), 'NoResources')
})

t.test('a request of no namespace has no binding', async t => {
  const { namespace: _, ...metadata } = request().metadata
  t.equal(reasonOf({ ...request(), metadata }, binding(), template()), 'PolicyMissing')
})
