import t from 'tap'
import type { Invite } from '#src/api/identity/v1alpha1.ts'
import controller, { phaseOf } from '#src/controllers/identity/invite.ts'
import { inviteExpires } from '#src/permissions/invite.ts'
import { cluster, now, team } from '#test/fixtures.ts'
import { invite } from '#test/fixtures-identity.ts'

const old = { creationTimestamp: '2026-11-01T12:00:00Z' }
const seenAs = (phase: string, of: Invite): Invite => ({ ...of, status: { phase } })

t.test('lasts seven days unless it says how long', async t => {
  t.equal(inviteExpires(invite(), now).toISOString(), '2026-11-27T12:00:00.000Z')
  const expiresAt = '2026-11-21T14:00:00+01:00'
  t.equal(
    inviteExpires(invite('jane', { spec: { expiresAt } }), now).toISOString(),
    '2026-11-21T13:00:00.000Z',
  )
})

const accepted = { acceptedBy: 'jane' }
const cases: Record<string, [Invite, string]> = {
  'waits to be accepted': [invite(), 'Pending'],
  'is over at the instant it ends': [
    invite('jane', { spec: { expiresAt: now.toISOString() } }),
    'Expired',
  ],
  'is over where nobody can read when': [
    invite('jane', { spec: { expiresAt: '2999-01-01T00:00:00+99:00' } }),
    'Expired',
  ],
  'is accepted': [invite('jane', { spec: accepted }), 'Accepted'],
  'stays accepted after its time': [
    seenAs('Accepted', invite('jane', { metadata: old, spec: accepted })),
    'Accepted',
  ],
  'was accepted in time for all we know': [
    invite('jane', { metadata: old, spec: accepted }),
    'Accepted',
  ],
  'is not accepted after it was seen to be over': [
    seenAs('Expired', invite('jane', { metadata: old, spec: accepted })),
    'Expired',
  ],
  'can be accepted when its time was extended': [
    seenAs('Expired', invite('jane', { spec: accepted })),
    'Accepted',
  ],
  'is revoked, accepted or not': [
    seenAs('Accepted', invite('jane', { spec: { ...accepted, revoked: true } })),
    'Revoked',
  ],
}
for (const [name, [object, want]] of Object.entries(cases))
  t.test(name, async t => {
    t.equal(phaseOf(object, now), want)
    t.match(controller.reconcile(object, cluster()).status, {
      phase: want,
      conditions: [{}, {}],
    })
  })

t.test('says until when, and looks again by then', async t => {
  const soon = invite('jane', { spec: { expiresAt: '2026-11-21T12:00:09.5Z' } })
  const { status, requeueAfter } = controller.reconcile(soon, cluster())
  t.match(status, {
    fields: { expiresAt: '2026-11-21T12:00:09Z' },
    conditions: [
      { type: 'TeamsResolved', status: 'True' },
      {
        type: 'Ready',
        status: 'True',
        reason: 'AwaitingAcceptance',
        message: /2026-11-21T12:00:09Z/,
      },
    ],
  })
  t.equal(requeueAfter, 10)
  t.equal(controller.reconcile(invite(), cluster()).requeueAfter, 3600)
  t.equal(
    controller.reconcile(invite('jane', { spec: accepted }), cluster()).requeueAfter,
    undefined,
  )
})

t.test('is not ready when it is over or a Team is missing', async t => {
  const over = controller.reconcile(invite('jane', { metadata: old }), cluster())
  t.match(over.status?.conditions[0], { type: 'Ready', status: 'False', reason: 'Expired' })
  const joining = invite('jane', { spec: { teams: ['core', 'ghosts'] } })
  const { status } = controller.reconcile(joining, cluster(team()))
  t.match(status?.conditions, [
    { type: 'TeamsResolved', status: 'False', message: 'There is no Team "ghosts"' },
    { type: 'Ready', status: 'False', reason: 'TeamMissing' },
  ])
})

t.test('looks again when a Team comes or goes', async t => {
  const joining = invite('jane', { spec: { teams: ['core'] } })
  const [teams] = controller.watches
  t.strictSame(teams?.toOwners(team(), cluster(joining, invite('bob'))), [
    { name: 'jane', namespace: 'kradle-org-acme' },
  ])
})
