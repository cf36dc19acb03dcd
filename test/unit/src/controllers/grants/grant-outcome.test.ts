import t from 'tap'
import { met, unmet } from '#src/lib/conditions.ts'
import { expired, isExpired, outcome } from '#src/controllers/grants/grant-outcome.ts'
import { cluster, now } from '#test/fixtures.ts'
import { agentStack, secretGrant } from '#test/fixtures-agents.ts'

const look = (conditions: ReturnType<typeof met>[], spec = {}, changesAt?: string) =>
  outcome(secretGrant(spec), cluster(agentStack()), {
    conditions,
    warnings: [unmet('RotationCurrent', 'RotationOverdue', 'Old')],
    changesAt,
  })
const fine = met('KeysExist', 'KeysFound', 'Fine')

t.test('expires at the instant it says', async t => {
  const at = (expiresAt: string) => isExpired(secretGrant({ expiresAt }), now)
  t.notOk(isExpired(secretGrant(), now))
  t.notOk(at('2026-11-21T12:00:01Z'))
  t.ok(at('2026-11-21T12:00:00Z'))
  t.ok(at('not a time'), 'what cannot be read has no life')
  t.match(expired(secretGrant({ expiresAt: '2026-11-21T12:00:00Z' })), {
    status: {
      phase: 'Expired',
      conditions: [{ type: 'Ready', status: 'False', reason: 'Expired' }],
      fields: { consumers: undefined, rotation: undefined },
    },
    requeueAfter: undefined,
  })
})

t.test('is Ready whatever is warned of', async t => {
  const plan = look([fine])
  t.match(plan.status, { phase: 'Ready', fields: { consumers: [{ name: 'repairer' }] } })
  t.strictSame(
    plan.status?.conditions.map(({ type, status }) => `${type}=${status}`),
    ['KeysExist=True', 'Ready=True', 'RotationCurrent=False'],
  )
  t.ok(plan.requeueAfter! > 1600)
})

t.test('waits for what is missing and is blocked by what a person has to mend', async t => {
  const missing = unmet('SecretExists', 'SecretMissing', 'x')
  const blocked = unmet('SubjectAuthorized', 'AgentAccount', 'x')
  t.match(look([fine, missing]), { status: { phase: 'Pending' }, requeueAfter: 30 })
  t.match(look([missing, blocked]), { status: { phase: 'Blocked' }, requeueAfter: 30 })
})

t.test('looks again when it ends, or when anything else does', async t => {
  t.equal(look([fine], { expiresAt: '2026-11-21T12:00:05Z' }).requeueAfter, 5)
  t.equal(look([fine], {}, '2026-11-21T12:00:04Z').requeueAfter, 4)
})
