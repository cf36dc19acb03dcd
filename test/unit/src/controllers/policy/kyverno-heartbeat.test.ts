import t from 'tap'
import { Lease } from '#src/api/coordination/v1.ts'
import { PolicyBinding } from '#src/api/policy/v1alpha1.ts'
import {
  ADMISSION,
  heartbeatWatch,
  refTo,
  REPORTS,
  signOf,
} from '#src/controllers/policy/kyverno-heartbeat.ts'
import { at, binding, clusterAt, health, ownersBy, reporter } from '#test/fixtures-kyverno.ts'

const silentOf = (sign: ReturnType<typeof signOf>) => ('silent' in sign ? sign.silent : '')

t.test('it lives as long as it is heard of', async t => {
  t.strictSame(signOf(ADMISSION, clusterAt(0, health(4))), { lookAgain: 41 })
  t.strictSame(signOf(ADMISSION, clusterAt(40, health(4))), { lookAgain: 1 })
  const silent = signOf(ADMISSION, clusterAt(41, health(4)))
  t.match(
    silentOf(silent),
    'its admission controller was last heard of at 2026-11-21T11:59:56.000Z',
  )
  t.strictSame(signOf(ADMISSION, clusterAt(99, health(4))), silent, 'the same words')
  t.strictSame(signOf(ADMISSION, clusterAt(0, health(99), health(4, 'other'))), { lookAgain: 41 })
})

t.test('the reports controller shows by its part in the election', async t => {
  t.strictSame(signOf(REPORTS, clusterAt(0, reporter(5), health(0))), { lookAgain: 40 })
  t.match(silentOf(signOf(REPORTS, clusterAt(40, reporter(5)))), /^its reports controller was last/)
  t.match(silentOf(signOf(REPORTS, clusterAt(0, health()))), 'Lease "kyverno-reports-controller"')
  const seldom = { renewTime: at(-100).toISOString(), leaseDurationSeconds: 120 }
  t.strictSame(signOf(REPORTS, clusterAt(0, reporter(0, 'kyverno', seldom))), { lookAgain: 20 })
  const never = 'nobody renews'
  t.match(silentOf(signOf(REPORTS, clusterAt(0, reporter(0, 'kyverno', {})))), never)
  const { spec: _, ...bare } = reporter()
  t.match(silentOf(signOf(REPORTS, clusterAt(0, bare))), never)
})

t.test('nobody who can write in the namespace of an organisation vouches for it', async t => {
  const silent = (lease: Lease) => silentOf(signOf(ADMISSION, clusterAt(0, lease)))
  t.match(silent(health(0, 'kradle-org-acme')), 'nobody renews')
  const { metadata, ...lease } = health()
  t.match(silent({ ...lease, metadata: { name: metadata.name } }), 'nobody renews')
  t.match(silent(health(0, 'kyverno', 'yesterday')), 'nobody renews')
})

t.test('signs of life bring up those who miss it', async t => {
  const controller = { watches: [heartbeatWatch(REPORTS, PolicyBinding, 'Missed')] }
  const missing = binding({}, { name: 'missing' }, { conditions: [{ reason: 'Missed' }] })
  const fresh = { ...binding({}, { name: 'fresh' }), status: undefined } as never
  const all = [binding(), missing, fresh]
  t.strictSame(ownersBy(controller, Lease, reporter(), ...all), ['kradle-org-acme/missing'])
  t.strictSame(ownersBy(controller, Lease, reporter(0, 'kradle-org-acme'), ...all), [])
  t.strictSame(ownersBy(controller, Lease, health(), ...all), [])
})

t.test('what has no namespace is named without', async t => {
  t.strictSame(refTo({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } }), {
    name: 'a',
  })
})
