import t from 'tap'
import { PolicyBinding } from '#src/api/policy/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import {
  asking,
  deciding,
  namespace,
  policyBinding,
  policyProfile,
} from '#test/fixtures-exceptions.ts'
import {
  askedOf,
  bindingReads,
  isAskingOrApproving,
  isDeciding,
} from '#webhooks/exception-request.ts'

const again = deciding('jane', {}, { decision: 'Approved', reason: 'x', decidedBy: 'jim' })

t.test('who decides, and who only asks or has decided', async t => {
  t.ok(isDeciding(deciding()))
  t.notOk(isDeciding(asking({ decision: 'Approved' })))
  t.notOk(isDeciding(again))
  t.ok(isAskingOrApproving(asking()))
  t.ok(isAskingOrApproving(deciding()))
  t.notOk(isAskingOrApproving(deciding('jane', { decision: 'Denied' })))
  t.notOk(isAskingOrApproving(again))
})

t.test('the binding is read as fresh as it has to be', async t => {
  const read = { kind: PolicyBinding, name: 'titles', namespace }
  t.match(bindingReads(asking()), [{ ...read, fresh: 'on-miss' }])
  t.match(bindingReads(deciding()), [{ ...read, fresh: 'live' }])
  t.strictSame(bindingReads(again), [])
  t.strictSame(bindingReads(asking({ policyRef: 7 })), [])
})

t.test('binding, profile and rules', async t => {
  const profile = policyProfile({ maxDurationDays: 7 })
  t.match(askedOf(asking(), cluster(policyBinding(), profile)), {
    binding: { metadata: { name: 'titles' } },
    rules: { maxDurationDays: 7 },
    says: 'PolicyProfile "standard"',
  })
  t.match(askedOf(asking(), cluster(policyBinding({ profileRef: 'gone' }), profile)), {
    missing: 'gone',
    rules: { maxDurationDays: 30 },
    says: /default/,
  })
  t.match(askedOf(asking({ policyRef: undefined }), cluster()), {
    binding: undefined,
    rules: { maxDurationDays: 30 },
  })
})
