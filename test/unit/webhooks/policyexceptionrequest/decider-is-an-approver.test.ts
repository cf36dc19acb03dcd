import t from 'tap'
import { PolicyBinding } from '#src/api/policy/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import {
  asking,
  byNobody,
  deciding,
  everybody,
  namespace,
  policyBinding,
  policyProfile,
} from '#test/fixtures-policy.ts'
import rule from '#webhooks/policyexceptionrequest/decider-is-an-approver.ts'

const robot = `system:serviceaccount:${namespace}:robot`
const says = (username: string, approvers?: object[], more = everybody) => {
  const profile = policyProfile(approvers && { approvers })
  const world = cluster(policyBinding(), profile, ...more)
  return rule.decide(deciding(username), world)
}
const refused = { rule: 'R202', field: 'spec.decision', value: 'Approved' }

t.test('everybody, where nobody is listed, but no program', async t => {
  t.match(rule.lookups(deciding()), [{ kind: PolicyBinding, name: 'titles', fresh: 'live' }])
  t.strictSame(says('jane'), [])
  t.strictSame(rule.decide(byNobody(deciding()), cluster(policyBinding())), [])
  t.match(says(robot), [{ ...refused, problem: /a program, which no PolicyProfile lists/ }])
})

t.test('whoever is listed', async t => {
  const problem = /none of the approvers that PolicyProfile "standard" lists/
  const user = { kind: 'user', name: 'jane' }
  const team = { kind: 'team', name: 'core' }
  const account = { kind: 'service-account', name: 'robot' }
  t.strictSame(says('jane', [user]), [])
  t.match(says('jim', [user]), [{ ...refused, problem }])
  t.strictSame(says('jim', [user, team]), [], 'a member')
  t.strictSame(says('joe@home', [team]), [], 'a maintainer')
  t.match(says('jane', [team]), [{ ...refused, problem }])
  t.match(says('jim', [{ kind: 'team', name: 'gone' }]), [{ ...refused, problem }])
  t.match(says('jane', [user], []), [{ ...refused, problem }], 'an account of nobody, so called')
  t.strictSame(says(robot, [account]), [])
  t.match(says(robot, [account], []), [{ ...refused, problem }], 'no AgentServiceAccount')
  t.match(says(robot, [user, { kind: 'user', name: robot }]), [{ ...refused, problem }])
  t.match(says('system:serviceaccount:default:robot', [account]), [{ ...refused, problem }])
  t.match(says('jane', [account]), [{ ...refused, problem }])
  t.match(says('jane', []), [{ ...refused, problem }], 'a list of nobody')
})

t.test('nobody by rules that are not there', async t => {
  const world = cluster(policyBinding({ profileRef: 'gone' }), policyProfile(), ...everybody)
  t.match(rule.decide(deciding(), world), [
    { ...refused, problem: /approvers of PolicyProfile "gone", which is not there/ },
  ])
})

t.test('whoever asks need be nobody', async t => {
  t.strictSame(rule.lookups(asking()), [])
  t.strictSame(rule.decide(asking(), cluster()), [])
})
