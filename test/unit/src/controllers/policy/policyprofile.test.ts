import t from 'tap'
import { Lease } from '#src/api/coordination/v1.ts'
import { NamespacedValidatingPolicy, PolicyException } from '#src/api/kyverno/v1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { PolicyBinding, PolicyTemplate, type PolicyProfile } from '#src/api/policy/v1alpha1.ts'
import { PolicyReport } from '#src/api/policy-reports.ts'
import policyProfile from '#src/controllers/policy/policyprofile.ts'
import {
  binding,
  clusterAt,
  definition,
  health,
  kyverno,
  ownersBy,
  profile,
  template,
  time,
} from '#test/fixtures-kyverno.ts'

const controller = policyProfile(PolicyReport)
const look = (of: PolicyProfile, ...objects: KubernetesObject[]) =>
  controller.reconcile(of, clusterAt(0, of, ...objects))
const conditionsOf = ({ status }: ReturnType<typeof look>) =>
  status?.conditions.map(({ type, status: holds, reason }) => `${type}=${holds} ${reason}`)
const applied = (name = 'names') => binding({}, { name }, { phase: 'Applied' })

t.test('a profile whose bindings are in force is Ready', async t => {
  const plan = look(profile(), applied(), ...kyverno)
  t.equal(plan.status?.phase, 'Ready')
  t.strictSame(conditionsOf(plan), [
    'KyvernoDetected=True Detected',
    'PoliciesSynced=True Synced',
    'Ready=True Ready',
    'ReportsReadable=True Readable',
    'ExceptionsAllowed=True Allowed',
    'ReferencesResolved=True AllResolved',
  ])
  t.strictSame(plan.apply, [])
  t.equal(plan.requeueAfter, 41)
})

t.test('it says which of its bindings are not', async t => {
  const late = binding({}, { name: 'late' })
  const { status: _, ...fresh } = binding({}, { name: 'fresh' })
  const off = binding({ suspend: true }, { name: 'off' })
  const others = binding({ profileRef: 'another' }, { name: 'others' })
  const plan = look(profile(), applied(), late, fresh, off, others, ...kyverno)
  t.equal(plan.status?.phase, 'Degraded')
  t.match(plan.status?.conditions, [
    {},
    { reason: 'NotApplied', message: 'Not in force: PolicyBinding "fresh", "late"; see' },
  ])
})

t.test('default templates are bound, or it says why not', async t => {
  const of = profile({ defaultTemplates: ['team-names', 'nowhere'] })
  const plan = look(of, template(), ...kyverno)
  t.match(plan.apply, [{ kind: 'PolicyBinding', metadata: { name: 'team-names' } }])
  t.ok(conditionsOf(plan)?.includes('PoliciesSynced=False NotBound'))
  t.ok(conditionsOf(plan)?.includes('ReferencesResolved=False ReferenceMissing'))
  const failed = plan.failed?.({ object: binding(), message: 'denied', code: 403 })
  t.match(failed?.conditions[1], { reason: 'NotBound', message: 'denied' })
})

t.test('without Kyverno it says what is missing', async t => {
  t.strictSame(conditionsOf(look(profile()))?.slice(0, 5), [
    'KyvernoDetected=False KyvernoMissing',
    'PoliciesSynced=True Synced',
    'Ready=False KyvernoMissing',
    'ReportsReadable=False ReportsMissing',
    'ExceptionsAllowed=False KyvernoMissing',
  ])
  const silent = look(profile(), definition(NamespacedValidatingPolicy), health(60))
  t.equal(conditionsOf(silent)?.[0], 'KyvernoDetected=False KyvernoNotRunning')
  t.equal(silent.requeueAfter, undefined)
})

t.test('whether there are exceptions is for it to say, and no fault', async t => {
  const plan = look(profile({}, { allowed: false }), ...kyverno)
  t.ok(conditionsOf(plan)?.includes('ExceptionsAllowed=False NotAllowed'))
  t.equal(plan.status?.phase, 'Ready')
})

t.test('one that goes binds nothing any more', async t => {
  const of = profile({ defaultTemplates: ['team-names'] })
  const going = { ...of, metadata: { ...of.metadata, deletionTimestamp: time(0) } }
  t.strictSame(look(going, template(), ...kyverno), {})
})

t.test('it is looked at for its templates, its bindings, and Kyverno', async t => {
  const of = profile({ defaultTemplates: ['team-names'] })
  const plain = { ...profile(), metadata: { ...of.metadata, name: 'plain' } }
  const [mine, other] = ['kradle-org-acme/standard', 'kradle-org-acme/plain']
  t.strictSame(ownersBy(controller, PolicyTemplate, template(), of, plain), [mine])
  t.strictSame(ownersBy(controller, PolicyBinding, binding(), of, plain), [other, mine])
  const conditions = [{ reason: 'KyvernoNotRunning' }]
  const missing = { ...of, status: { conditions } } as never
  t.strictSame(ownersBy(controller, Lease, health(), missing), [mine])
  for (const kind of [NamespacedValidatingPolicy, PolicyException, PolicyReport]) {
    const definitionKind = definition(kind)
    const watch = controller.watches.find(({ name }) => name === definitionKind.metadata.name)
    t.ok(watch, kind.kind)
  }
})
