import t from 'tap'
import { cluster } from '#test/fixtures.ts'
import {
  asking,
  deciding,
  policyBinding,
  policyProfile,
  policyTemplate,
} from '#test/fixtures-policy.ts'
import rule from '#webhooks/policyexceptionrequest/policy-admits-it.ts'
import type { Request } from '#webhooks/rule.ts'

const template = policyTemplate('PullRequest', 'batch/Job')
const says = (request: Request, ...world: Parameters<typeof cluster>) =>
  rule.decide(request, cluster(...world))
const withoutRisk = { riskAcceptance: undefined }

t.test('what is in order', async t => {
  t.strictSame(says(asking(), policyBinding(), template), [])
  t.strictSame(says(deciding(), policyBinding()), [])
  t.strictSame(says(asking()), [], 'a binding that is not there is for references-exist')
  t.equal(rule.lookups(asking()).length, 1)
})

t.test('from what has exceptions', async t => {
  const world = [policyBinding(), template, policyProfile({ allowed: false })] as const
  const refused = [
    {
      rule: 'R202',
      field: 'spec.policyRef',
      value: 'titles',
      problem: /PolicyProfile "standard" allows no exceptions/,
    },
  ]
  t.match(says(asking(), ...world), refused)
  t.match(says(deciding(), ...world), refused)
})

t.test('with somebody who bears the risk, where it refuses', async t => {
  const refused = [
    { rule: 'R202', field: 'spec.riskAcceptance', value: undefined, problem: /is enforced/ },
  ]
  t.match(says(asking(withoutRisk), policyBinding(), template), refused)
  t.match(says(deciding('jane', {}, withoutRisk), policyBinding()), [
    { ...refused[0], fix: /deny it/ },
  ])
  for (const more of [
    policyProfile({ requireRiskAcceptance: false }),
    policyProfile({}, { mode: 'audit' }),
  ])
    t.strictSame(says(asking(withoutRisk), policyBinding(), template, more), [])
  t.strictSame(says(asking(withoutRisk), policyBinding({ mode: 'audit' }), template), [])
})

t.test('for kinds that it judges', async t => {
  const about = (...kinds: unknown[]) =>
    says(asking({ resources: kinds.map(kind => ({ kind, name: 'x' })) }), policyBinding(), template)
  t.strictSame(about('Job', 'PullRequest'), [])
  t.match(about('Job', 'Pod', 7), [
    {
      rule: 'R202',
      field: 'spec.resources[1].kind',
      value: 'Pod',
      fix: 'name objects of PullRequest, batch/Job',
    },
    { field: 'spec.resources[2].kind', value: '' },
  ])
  t.match(says(asking(), policyBinding()), [
    { field: 'spec.policyRef', problem: /PolicyTemplate "pull-request-title" is not there/ },
  ])
})

t.test('approved is only what is still there', async t => {
  t.match(says(deciding()), [{ field: 'spec.policyRef', problem: /no PolicyBinding any more/ }])
  const denied = deciding('jane', { decision: 'Denied' })
  t.strictSame(says(denied), [])
  t.strictSame(rule.lookups(denied), [])
})
