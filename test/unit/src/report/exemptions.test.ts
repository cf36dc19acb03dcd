import t from 'tap'
import { changedSince, exemptBy, exemptionsOf } from '#src/report/exemptions.ts'
import { now } from '#test/fixtures.ts'
import { exemption, line, titleBinding } from '#test/fixtures-report.ts'

const at = (time: string): Date => new Date(`2026-11-21T${time}Z`)

t.test(
  'concerned are the objects that an approved request names, of that binding alone',
  async t => {
    const { object } = line()
    const of = (request: ReturnType<typeof exemption>) =>
      exemptionsOf([request], titleBinding(), object).length
    t.equal(of(exemption()), 1)
    const { decision: _, ...open } = exemption().spec
    t.equal(of({ ...exemption(), spec: open }), 0)
    t.equal(of(exemption({ decision: 'Denied' })), 0)
    t.equal(of(exemption({ policyRef: 'others' })), 0)
    t.equal(of(exemption({ resources: [{ kind: 'PullRequest', name: 'other' }] })), 0)
    t.equal(of(exemption({ resources: [{ kind: 'Issue', name: 'short' }] })), 0)
    const { resources: __, ...nothing } = exemption().spec
    t.equal(of({ ...exemption(), spec: nothing }), 0)
    t.equal(of({ ...exemption(), metadata: { name: 'x', namespace: 'kradle-org-globex' } }), 0)
  },
)

t.test('knows what began or ended since something was found', async t => {
  const known = [exemption()]
  t.notOk(changedSince(known, at('11:56:00'), now), 'began before')
  t.ok(changedSince(known, at('11:55:00'), now), 'in the same second')
  t.ok(changedSince(known, at('11:50:00'), now), 'began after')
  t.notOk(changedSince(known, at('12:30:00'), at('12:59:59')), 'holds')
  t.ok(changedSince(known, at('12:30:00'), at('13:00:00')), 'has ended')
  t.notOk(changedSince(known, at('13:00:01'), at('13:05:00')), 'had ended')
  const { status: _, ...unseen } = exemption()
  for (const one of [unseen, exemption({}, {})])
    t.ok(changedSince([one], at('11:56:00'), now), 'nobody knows when it began')
  t.notOk(changedSince([], at('11:00:00'), now))
})

t.test('names the one that holds longest', async t => {
  const later = { ...exemption({ expiresAt: '2026-11-21T14:00:00Z' }), metadata: { name: 'later' } }
  t.equal(exemptBy([], now), undefined)
  t.strictSame(exemptBy([exemption()], now), {
    name: 'for-short',
    until: '2026-11-21T13:00:00Z',
    approvedBy: 'ada',
    holds: true,
  })
  t.match(exemptBy([exemption(), later], now), { name: 'later' })
  t.match(exemptBy([exemption()], at('13:00:00')), { holds: false })
  const { decidedBy: _, ...unsaid } = exemption().spec
  t.match(exemptBy([{ ...exemption(), spec: unsaid }], now), { approvedBy: '' })
})
