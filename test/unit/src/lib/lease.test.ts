import t from 'tap'
import type { Lease } from '#src/api/coordination/v1.ts'
import { claimed, freshLease, mayTake, observe, released } from '#src/lib/lease.ts'

const now = new Date('2026-11-21T12:00:00.123Z')
const time = '2026-11-21T12:00:00.123000Z'
const held = (holderIdentity: string, renewTime = 'a'): Lease => ({
  ...freshLease('x', 'y'),
  spec: {
    holderIdentity,
    leaseDurationSeconds: 15,
    renewTime,
    acquireTime: 'a',
    leaseTransitions: 4,
  },
})

t.test('a Lease is taken when its holder has not renewed it while we looked', async t => {
  const first = observe(undefined, held('other'), 1000)
  t.notOk(mayTake(first, 'me', 15_999))
  t.ok(mayTake(first, 'me', 16_000))
  t.equal(observe(first, held('other'), 10_000), first, 'nothing new')
  const renewed = observe(first, held('other', 'b'), 10_000)
  t.notOk(mayTake(renewed, 'me', 24_999))
  t.ok(mayTake(renewed, 'other', 10_000), 'by its holder at any time')
})

t.test('a free Lease is taken at once', async t => {
  t.ok(mayTake(observe(undefined, held(''), 0), 'me', 0))
  const { spec: _, ...bare } = held('')
  t.ok(mayTake(observe(undefined, bare, 0), 'me', 0))
})

t.test('a claim says since when, and how often it changed hands', async t => {
  const spec = { holderIdentity: 'me', leaseDurationSeconds: 15, renewTime: time }
  t.match(claimed(freshLease('x', 'y'), 'me', 15, now), {
    apiVersion: 'coordination.k8s.io/v1',
    metadata: { name: 'x', namespace: 'y' },
    spec: { ...spec, acquireTime: time, leaseTransitions: 0 },
  })
  t.match(claimed(held('other'), 'me', 15, now).spec, {
    ...spec,
    acquireTime: time,
    leaseTransitions: 5,
  })
  t.match(claimed(held('me'), 'me', 15, now).spec, {
    ...spec,
    acquireTime: 'a',
    leaseTransitions: 4,
  })
  const { spec: _, ...bare } = held('me')
  t.match(claimed(bare, 'me', 15, now).spec, { acquireTime: time, leaseTransitions: 1 })
})

t.test('a released Lease is free', async t => {
  const lease = released(held('me'), now)
  t.match(lease.spec, { holderIdentity: '', leaseDurationSeconds: 1, leaseTransitions: 4 })
  t.ok(mayTake(observe(undefined, lease, 0), 'other', 0))
})
