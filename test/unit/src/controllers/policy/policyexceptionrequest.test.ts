import t from 'tap'
import { PolicyException } from '#src/api/kyverno/v1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { PolicyExceptionRequest } from '#src/api/policy/v1alpha1.ts'
import controller from '#src/controllers/policy/policyexceptionrequest.ts'
import {
  binding,
  clusterAt,
  definitions,
  exception,
  policy,
  profile,
  request,
  template,
  time,
} from '#test/fixtures-kyverno.ts'

const look = (of: PolicyExceptionRequest, seconds: number, ...objects: KubernetesObject[]) =>
  controller.reconcile(of, clusterAt(seconds, of, ...objects))
const conditionsOf = ({ status }: ReturnType<typeof look>) =>
  status?.conditions.map(({ type, status: holds, reason }) => `${type}=${holds} ${reason}`)
const bound = [binding(), template(), ...definitions]

t.test('nothing is made of what nobody approved', async t => {
  const open = request({ decision: undefined }, {}, {})
  const plan = look(open, 0, ...bound)
  t.strictSame([plan.apply, plan.finalizer, plan.requeueAfter], [undefined, 'release', 3600])
  t.equal(plan.status?.phase, 'Requested')
  t.ok(conditionsOf(plan)?.includes('Ready=False Requested'))
  t.equal(plan.status?.fields?.['decidedAt'], undefined)

  const denied = look(request({ decision: 'Denied', decidedBy: undefined }, {}, {}), 0, ...bound)
  t.equal(denied.status?.phase, 'Denied')
  t.match(denied.status?.conditions[0]?.message, 'Denied by somebody')
  t.equal(denied.status?.fields?.['decidedAt'], time(0))
})

t.test('what is approved is held and made, and it is told how far that has come', async t => {
  const plan = (...objects: KubernetesObject[]) => look(request(), 0, ...bound, ...objects)
  const first = plan(policy())
  t.match(first, {
    finalizer: 'hold',
    apply: [{ kind: 'PolicyException', metadata: { name: 'kradle-acme-short' } }],
    requeueAfter: 3600,
    status: {
      phase: 'Approved',
      fields: {
        decidedAt: time(-60),
        exception: { namespace: 'kradle-system', name: 'kradle-acme-short' },
      },
    },
  })
  t.ok(conditionsOf(first)?.includes('ExceptionApplied=False Applying'))
  t.ok(conditionsOf(plan(exception()))?.includes('ExceptionApplied=False PolicyNotInForce'))
  t.ok(conditionsOf(plan(exception(), policy()))?.includes('ExceptionApplied=False Applying'))
  const changed = policy(binding(), [], [exception()])
  const applied = plan(exception(), changed)
  t.equal(applied.status?.phase, 'Applied')
  t.strictSame(conditionsOf(applied), [
    'Decided=True Approved',
    'Admitted=True Admitted',
    'ExceptionApplied=True Applied',
    'Ready=True Applied',
    'ReferencesResolved=True AllResolved',
  ])
})

t.test('when the decision was seen is written once', async t => {
  const plan = look(request({}, {}, {}), 0, ...bound)
  t.equal(plan.status?.fields?.['decidedAt'], time(0))
  const { status: _, ...fresh } = request()
  const again = look(fresh, 0, ...bound)
  t.equal(again.status?.fields?.['decidedAt'], time(0))
})

t.test('it ends on the second that it says', async t => {
  const of = request({ expiresAt: time(10).replace('Z', '.7Z') })
  t.equal(look(of, 4.5, ...bound).requeueAfter, 5.5)
  const over = look(of, 10, ...bound, exception(), policy())
  t.match(over, {
    delete: [{ kind: PolicyException, name: 'kradle-acme-short' }],
    status: { phase: 'Expired', fields: { exception: undefined, decidedAt: time(-60) } },
  })
  t.strictSame([over.apply, over.finalizer], [undefined, undefined])
  t.match(over.status?.conditions, [{ type: 'Ready', reason: 'Expired' }, { type: 'Decided' }])
  t.equal(look(of, 10, ...bound).finalizer, 'release')
  const denied = request({ decision: 'Denied', expiresAt: time(1) })
  t.equal(look(denied, 2).status?.phase, 'Denied')
})

t.test('it goes with its request', async t => {
  const going = request({}, { deletionTimestamp: time(0) })
  t.match(look(going, 0, ...bound, exception()).delete, [{ name: 'kradle-acme-short' }])
  t.strictSame(look(going, 0, ...bound), { finalizer: 'release' })
})

t.test('it goes when what was approved stands no more', async t => {
  const strict = profile({}, { allowed: false })
  const plan = look(request(), 0, ...bound, strict, exception(), policy())
  t.match(plan.delete, [{ name: 'kradle-acme-short' }])
  t.equal(plan.status?.phase, 'Approved')
  t.ok(conditionsOf(plan)?.includes('Ready=False NotAllowed'))
  t.ok(conditionsOf(plan)?.includes('ExceptionApplied=False NotAdmitted'))
  t.equal(plan.status?.fields?.['exception'], undefined)
})

t.test('without Kyverno nothing is made', async t => {
  const plan = look(request(), 0, binding(), template())
  t.strictSame([plan.apply, plan.finalizer, plan.requeueAfter], [undefined, undefined, 3600])
  t.ok(conditionsOf(plan)?.includes('ExceptionApplied=False KyvernoMissing'))
})

t.test('what is not taken is told of', async t => {
  const plan = look(request(), 0, ...bound)
  const failed = (code: number, message = 'no') =>
    plan
      .failed?.({ object: exception(), message, code })
      .conditions.find(({ type }) => type === 'ExceptionApplied')
  for (const code of [404, 429, 500]) t.match(failed(code), { reason: 'NotTaken' })
  t.match(failed(400, 'too wide'), { reason: 'Refused', message: 'too wide' })
})

t.test('exceptions are written in kradle-system alone', async t => {
  t.strictSame(
    controller.writes.map(({ kind, namespace }) => [kind, namespace]),
    [[PolicyException, 'kradle-system']],
  )
})
