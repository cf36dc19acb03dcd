import t from 'tap'
import { asking, byNobody } from '#test/fixtures-exceptions.ts'
import rule from '#webhooks/policyexceptionrequest/requester-is-the-writer.ts'

const says = (...args: Parameters<typeof asking>) => rule.decide(asking(...args))

t.test('in his own name', async t => {
  t.strictSame(says(), [])
  for (const requestedBy of ['jim', undefined])
    t.match(says({ requestedBy }), [
      { rule: 'R202', field: 'spec.requestedBy', value: requestedBy, problem: /"joe"/ },
    ])
})

t.test('not by a program of an organisation', async t => {
  const robot = 'system:serviceaccount:kradle-org-acme:robot'
  t.match(says({ requestedBy: robot }, robot), [
    { rule: 'R202', field: 'spec.requestedBy', value: robot, problem: /is a program/ },
  ])
  const platform = 'system:serviceaccount:argocd:application-controller'
  t.strictSame(says({ requestedBy: platform }, platform), [])
  t.match(rule.decide(byNobody(asking())), [{ field: 'spec.requestedBy', value: 'joe' }])
})

t.test('without the answer', async t => {
  t.match(says({ decision: 'Denied' }), [{ rule: 'R86', field: 'spec.decision', value: 'Denied' }])
})
