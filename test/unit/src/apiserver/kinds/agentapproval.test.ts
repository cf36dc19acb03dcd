import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import { approval } from '#src/apiserver/kinds/agentapproval.ts'

const now = '2026-11-21T12:00:00Z'
const noon = new Date(now)
const object = (spec: object = {}, status?: object): UnknownObject => ({
  apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
  kind: 'AgentApproval',
  metadata: { name: 'merge', namespace: 'kradle-org-acme' },
  spec: { dispatchRun: 'run-42', action: 'write-back', ...spec },
  ...(status && { status: { ...status } }),
})
const pending = object({}, { phase: 'Pending', storage: 'postgres' })
const decided = (spec: object, old = pending, subresource = '') =>
  approval.prepareForUpdate!(
    { ...object(spec), status: { phase: 'Pending', storage: 'postgres' } },
    old,
    { username: 'jane' },
    now,
    subresource,
  )['status']

t.test('whoever decides is stamped', async t => {
  t.strictSame(decided({ decision: 'Approved', reason: 'right' }), {
    phase: 'Approved',
    storage: 'postgres',
    decidedBy: 'jane',
    decidedAt: now,
    reason: 'right',
  })
  t.strictSame(decided({ decision: 'Denied' }), {
    phase: 'Denied',
    storage: 'postgres',
    decidedBy: 'jane',
    decidedAt: now,
  })
})

t.test('nothing else is', async t => {
  const untouched = { phase: 'Pending', storage: 'postgres' }
  t.strictSame(decided({}), untouched)
  t.strictSame(decided({ decision: 'Approved' }, object({ decision: 'Denied' })), untouched)
  t.strictSame(decided({ decision: 'Approved' }, pending, 'status'), untouched)
  const bare = { ...object(), spec: undefined } as unknown as UnknownObject
  t.equal(approval.prepareForUpdate!(bare, bare, {}, now, ''), bare)
  t.match(approval.prepareForUpdate!(object({ decision: 'Denied' }), bare, {}, now, '')['status'], {
    phase: 'Denied',
  })
})

t.test('an action is asked for once while it is open', async t => {
  const claim = 'an open approval of write-back for kradle-org-acme/run-42'
  t.equal(approval.claim!(pending, noon), claim)
  t.equal(approval.claim!(object(), noon), claim)
  t.equal(approval.claim!(object({}, { phase: 'Denied' }), noon), undefined)
})

t.test('and again once nobody can answer it any more', async t => {
  const until = (expiresAt: string) => approval.claim!(object({ expiresAt }), noon)
  t.match(until('2026-11-21T12:00:01Z'), /^an open approval/)
  t.equal(until(now), undefined)
  t.equal(until('2026-11-21T11:59:59+00:00'), undefined)
})
