import t from 'tap'
import { namespacedPolicies, PolicyException } from '#src/api/kyverno/v1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { PolicyBinding } from '#src/api/policy/v1alpha1.ts'
import { PolicyReport, Report } from '#src/api/policy-reports.ts'
import policyBinding, { soonest } from '#src/controllers/policy/policybinding.ts'
import {
  binding,
  clusterAt,
  definition,
  definitions,
  exception,
  health,
  kyverno,
  mutatingTemplate,
  policy,
  profile,
  report,
  reporter,
  request,
  result,
  template,
  time,
} from '#test/fixtures-kyverno.ts'

const controller = policyBinding(PolicyReport)
const look = (of: PolicyBinding, seconds: number, ...objects: KubernetesObject[]) =>
  controller.reconcile(of, clusterAt(seconds, of, ...objects))
const conditionsOf = ({ status }: ReturnType<typeof look>) =>
  status?.conditions.map(({ type, status: holds, reason }) => `${type}=${holds} ${reason}`)

t.test('a policy in force is left alone, and counted', async t => {
  const reports = [report('one', [result('fail')]), report('two', [result('pass')])]
  const plan = look(binding(), 0, template(), policy(), ...kyverno, ...reports)
  t.equal(plan.status?.phase, 'Applied')
  t.strictSame(conditionsOf(plan), [
    'TemplateResolved=True Found',
    'PolicyRendered=True Rendered',
    'PolicyApplied=True Applied',
    'Ready=True Applied',
    'ReportsObserved=True Observed',
    'ReferencesResolved=True AllResolved',
  ])
  t.strictSame(plan.status?.fields, {
    generatedPolicy: {
      kind: 'NamespacedValidatingPolicy',
      namespace: 'kradle-org-acme',
      name: 'kradle-acme-names',
    },
    rollout: { mode: 'enforce', since: time(0) },
    results: { pass: 1, fail: 1, warn: 0, error: 0, skip: 0, observedAt: time(0) },
  })
  t.strictSame(plan.delete, [])
  t.match(plan.apply, [{ metadata: { name: 'kradle-acme-names' } }])
  t.equal(plan.requeueAfter, 41, 'when Kyverno has to have been heard of again')
})

t.test('reports of the other group are counted where Kyverno is told to write those', async t => {
  const found = report('one', [result('fail')])
  const other = { ...report('two', [result('fail')]), apiVersion: 'openreports.io/v1alpha1' }
  const cluster = clusterAt(
    0,
    binding(),
    template(),
    policy(),
    ...kyverno,
    definition(Report),
    found,
    { ...other, kind: 'Report' },
  )
  const { status } = policyBinding(Report).reconcile(binding(), cluster)
  t.match(status?.fields, { results: { fail: 1, pass: 0 } })
})

t.test(
  'when nobody reports any more, it is told, and the policy is in force all the same',
  async t => {
    const dead = [...definitions, health(), reporter(99)]
    const plan = look(binding(), 0, template(), policy(), ...dead, report('one', [result('fail')]))
    t.equal(plan.status?.phase, 'Applied')
    t.ok(conditionsOf(plan)?.includes('ReportsObserved=False KyvernoNotReporting'))
    t.match(plan.status?.fields, { results: { fail: 1 } })
    t.equal(plan.requeueAfter, 41)
  },
)

t.test('without Kyverno nothing is applied, and nobody looks again', async t => {
  const plan = look(binding(), 0, template())
  t.equal(plan.apply, undefined)
  t.equal(plan.requeueAfter, undefined)
  t.equal(plan.status?.phase, 'Rendered')
  t.ok(conditionsOf(plan)?.includes('PolicyApplied=False KyvernoMissing'))
})

t.test('where it only does not run, the policy is applied all the same', async t => {
  const plan = look(binding(), 0, template(), ...definitions, health(99))
  t.equal(plan.apply?.length, 1)
  t.ok(conditionsOf(plan)?.includes('PolicyApplied=False KyvernoNotRunning'))
})

t.test('the last change of mode is kept', async t => {
  const before = (mode: string) =>
    binding({}, {}, { rollout: { mode, since: time(-600), enforceAfter: time(-1) } })
  const of = (mode: string) =>
    look(before(mode), 0, template(), ...kyverno).status?.fields?.['rollout']
  t.strictSame(of('enforce'), { mode: 'enforce', since: time(-600) })
  t.strictSame(of('audit'), { mode: 'enforce', since: time(0) })
  const unknown = look(before('audit'), 0, ...kyverno)
  t.match(unknown.status?.fields?.['rollout'], { mode: 'audit', since: time(-600) })
})

t.test('what somebody added to the policy is taken away', async t => {
  const { spec, ...rest } = policy()
  const drifted = { ...rest, spec: { ...spec, validationActions: ['Warn', 'Deny'] } }
  const plan = look(binding(), 0, template(), drifted, ...kyverno)
  t.equal(plan.apply, undefined)
  t.match(plan.replace, [
    { metadata: { resourceVersion: '7' }, spec: { validationActions: ['Deny'] } },
  ])
})

t.test('when auditing ends is when to look again', async t => {
  const rules = profile({ defaultTemplates: ['team-names'], auditDays: 1 })
  const plan = look(binding(), 82_790, template(), rules, ...definitions, health(-82_790))
  t.equal(plan.requeueAfter, 10)
  t.match(plan.status?.fields?.['rollout'], { mode: 'audit', enforceAfter: time(82_800) })
})

t.test('a suspended policy is taken away', async t => {
  const plan = look(binding({ suspend: true }), 0, template(), policy(), ...kyverno)
  t.match(plan, {
    delete: [{ name: 'kradle-acme-names', uid: 'uid-of-kradle-acme-names' }],
    apply: undefined,
    status: { phase: 'Rendered', fields: { generatedPolicy: undefined } },
  })
})

t.test('so is what was made of a template of another type', async t => {
  const plan = look(binding(), 0, mutatingTemplate(), policy(), ...kyverno)
  t.match(plan.delete, [{ kind: { kind: 'NamespacedValidatingPolicy' } }])
  t.match(plan.apply, [{ kind: 'NamespacedMutatingPolicy' }])
})

t.test('but not before there is what takes its place', async t => {
  const { spec, ...rest } = mutatingTemplate()
  const broken = { ...rest, spec: { ...spec, kyverno: { ...spec.kyverno, spec: {} } } }
  const plan = look(binding(), 0, broken, policy(), ...kyverno)
  t.strictSame(plan.delete, [])
  t.match(plan.apply, [{ kind: 'NamespacedValidatingPolicy' }])
  t.equal(plan.status?.phase, 'Degraded')
})

t.test('and all of it when the binding goes', async t => {
  const going = binding({}, { deletionTimestamp: time(0) })
  const { metadata } = policy()
  const foreign = { ...policy(), metadata: { ...metadata, name: 'other', ownerReferences: [] } }
  const { ownerReferences: _, ...bare } = metadata
  const nobodys = { ...policy(), metadata: { ...bare, name: 'bare' } }
  const plan = look(going, 0, template(), policy(), foreign, nobodys, ...kyverno)
  t.match(plan.delete, [{ name: 'kradle-acme-names' }])
  t.equal(plan.delete?.length, 1)
  t.equal(plan.status, undefined)
})

t.test('a policy without a template stays as it is, but for its exceptions', async t => {
  const plan = look(binding(), 0, policy(), exception(), request(), ...kyverno)
  t.strictSame(plan.delete, [])
  t.match(plan.apply, [
    {
      spec: { ...policy().spec },
      metadata: { annotations: { 'kradle.a5c.ai/exceptions': /^1-.*@/ } },
    },
  ])
  t.equal(plan.status?.phase, 'Degraded')
  t.equal(plan.requeueAfter, 5)
  const nothing = look(binding(), 0, ...kyverno)
  t.strictSame([nothing.apply, nothing.delete], [undefined, []])
})

t.test('exceptions that nobody requests are taken away, but not at once', async t => {
  const old = { creationTimestamp: time(-61) }
  const objects = [template(), policy(), ...kyverno]
  const gone = (...others: KubernetesObject[]) =>
    look(binding(), 0, ...objects, ...others).delete?.map(({ kind, name }) => [kind.kind, name])
  t.strictSame(gone(exception(request(), old)), [['PolicyException', 'kradle-acme-short']])
  t.strictSame(gone(exception()), [])
  t.strictSame(gone(exception(request(), old), request()), [])
  const { creationTimestamp: _, labels: __, ...metadata } = exception().metadata
  t.strictSame(gone({ ...exception(), metadata }), [], 'of somebody else')
  const { creationTimestamp: ___, ...undated } = exception().metadata
  t.strictSame(gone({ ...exception(), metadata: undated }), [])
})

t.test('what is not taken is told of', async t => {
  const plan = look(binding(), 0, template(), ...kyverno)
  const failed = (code: number, message = 'no') =>
    plan
      .failed?.({ object: policy(), message, code })
      .conditions.find(({ type }) => type === 'PolicyApplied')
  t.match(failed(404), { status: 'False', reason: 'KyvernoMissing' })
  t.match(failed(500, 'dial tcp 1'), { reason: 'NotTaken' })
  t.strictSame(failed(500, 'dial tcp 1'), failed(503, 'dial tcp 2'), 'in the same words')
  t.match(failed(429), { reason: 'NotTaken' })
  t.match(failed(400, 'does not compile'), { reason: 'Refused', message: 'does not compile' })
  const silent = look(binding(), 0, template(), policy(), ...definitions, health(60))
  const told = silent.failed?.({ object: policy(), message: 'refused', code: 500 })
  t.match(told, { phase: 'Degraded', conditions: [{}, {}, { reason: 'KyvernoNotRunning' }] })
  const live = look(binding(), 0, template(), policy(), ...kyverno)
  t.equal(live.failed?.({ object: policy(), message: 'no', code: 500 }).phase, 'Degraded')
})

t.test(
  'it writes policies that are confined to their namespace, and takes exceptions away',
  async t => {
    t.strictSame(
      controller.writes.map(({ kind }) => kind),
      [...namespacedPolicies, PolicyException],
    )
    t.strictSame(controller.writes.at(-1)?.namespace, 'kradle-system')
    t.ok(controller.writes.every(({ kind }) => kind.namespaced))
  },
)

t.test('the earliest time counts', async t => {
  t.strictSame(soonest([undefined, 5, 3]), { requeueAfter: 3 })
  t.strictSame(soonest([undefined]), {})
})

t.test('a binding of no namespace has no reports', async t => {
  const { namespace: _, ...metadata } = binding().metadata
  const plan = look({ ...binding(), metadata }, 0)
  t.equal(plan.status?.fields?.['results'], undefined)
})
