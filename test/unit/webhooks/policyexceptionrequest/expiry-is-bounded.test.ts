import t from 'tap'
import { cluster } from '#test/fixtures.ts'
import { asking, deciding, policyBinding, policyProfile } from '#test/fixtures-policy.ts'
import rule from '#webhooks/policyexceptionrequest/expiry-is-bounded.ts'
import type { Request } from '#webhooks/rule.ts'

const says = (request: Request, maxDurationDays?: number) => {
  const profile = maxDurationDays === undefined ? [] : [policyProfile({ maxDurationDays })]
  return rule.decide(request, cluster(policyBinding(), ...profile))
}
const at = (expiresAt: unknown) => asking({ expiresAt })
const refused = { rule: 'R201', field: 'spec.expiresAt' }

t.test('in time to come', async t => {
  t.strictSame(says(asking()), [])
  t.strictSame(says(at('2026-11-21T12:00:01Z')), [])
  for (const expiresAt of ['2026-11-21T12:00:00Z', '2020-01-01T00:00:00Z', 'some day'])
    t.match(says(at(expiresAt)), [
      { ...refused, value: expiresAt, problem: 'is not a time to come' },
    ])
  t.match(says(at(7)), [refused])
})

t.test('and no later than the profile allows', async t => {
  t.strictSame(says(at('2026-12-21T12:00:00Z')), [])
  t.match(says(at('2026-12-21T12:00:01Z')), [{ ...refused, problem: /more than 30 days.*default/ }])
  t.strictSame(says(asking(), 7), [])
  t.match(says(asking(), 6), [
    { ...refused, problem: /more than 6 days.*PolicyProfile "standard"/, fix: /write an earlier/ },
  ])
})

t.test('as it is when somebody approves', async t => {
  t.strictSame(says(deciding(), 7), [])
  t.match(says(deciding(), 6), [{ ...refused, fix: /deny it/ }])
  t.strictSame(says(deciding('jane', { decision: 'Denied' }), 6), [])
  t.strictSame(rule.lookups(deciding('jane', { decision: 'Denied' })), [])
  t.equal(rule.lookups(deciding()).length, 1)
})
