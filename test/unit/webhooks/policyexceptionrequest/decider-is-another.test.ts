import t from 'tap'
import { cluster } from '#test/fixtures.ts'
import { byNobody, deciding, everybody, namespace } from '#test/fixtures-exceptions.ts'
import { accessOf } from '#webhooks/access.ts'
import rule from '#webhooks/policyexceptionrequest/decider-is-another.ts'
import type { Request } from '#webhooks/rule.ts'

const says = (request: Request, allowed = true) =>
  rule.decide(
    request,
    cluster(...everybody),
    accessOf(rule.reviews(request).map(review => [review, allowed])),
  )

t.test('somebody else with the verb approve may decide', async t => {
  t.strictSame(says(deciding()), [])
  t.strictSame(says(deciding('stranger')), [], 'whoever has no User is nobody twice')
  t.match(rule.reviews(deciding()), [
    { verb: 'approve', resource: 'policyexceptionrequests', namespace, name: 'short-title' },
  ])
})

t.test('not who asks, under whichever account', async t => {
  const refused = { rule: 'R202', field: 'spec.decision', value: 'Approved' }
  t.match(says(deciding('joe')), [{ ...refused, problem: /"joe", who asks for it/ }])
  t.match(says(deciding('joe@home')), [{ ...refused, problem: /the same User as "joe"/ }])
  t.match(says(deciding('jane', {}, { requestedBy: undefined })), [
    { ...refused, problem: /nobody knows who asked/ },
  ])
})

t.test('nobody without the verb', async t => {
  t.match(says(deciding(), false), [{ rule: 'R202', problem: /"jane" has not/ }])
  t.match(says(byNobody(deciding()), false), [
    { rule: 'R202', problem: /has not/ },
    { rule: 'R88' },
  ])
})

t.test('not in the name of somebody else', async t => {
  t.match(says(deciding('jane', { decidedBy: 'jim' })), [
    { rule: 'R88', field: 'spec.decidedBy', value: 'jim', problem: /"jane"/ },
  ])
})

t.test('not when the exception would be over', async t => {
  for (const expiresAt of ['2026-11-21T12:00:00Z', 'some day'])
    t.match(says(deciding('jane', {}, { expiresAt })), [
      { rule: 'R201', field: 'spec.decision', problem: `comes after ${expiresAt}, when` },
    ])
})

t.test('nothing else is its business', async t => {
  const decided = deciding('joe', {}, { decision: 'Denied', reason: 'x', decidedBy: 'jane' })
  t.strictSame(rule.reviews(decided), [])
  t.strictSame(says(decided), [])
})
