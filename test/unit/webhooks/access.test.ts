import t from 'tap'
import { accessOf, noAccess } from '#webhooks/access.ts'
import type { AccessReview } from '#webhooks/rule.ts'

const use: AccessReview = {
  verb: 'use',
  group: 'kradle.a5c.ai',
  resource: 'agentserviceaccounts',
  namespace: 'kradle-org-acme',
  name: 'builder',
}

t.test('gives the answer to exactly the question that was asked', async t => {
  const access = accessOf([
    [use, true],
    [{ ...use, name: 'other' }, false],
  ])
  t.equal(access.allowed({ ...use }), true)
  t.equal(access.allowed({ ...use, name: 'other' }), false)
  for (const other of [{ verb: 'get' }, { subresource: 'token' }, { namespace: 'kradle-org-x' }])
    t.throws(() => access.allowed({ ...use, ...other }), { code: 'UnaskedReview' })
})

t.test('answers nothing that nobody asked', async t => {
  t.throws(() => noAccess.allowed(use), {
    code: 'UnaskedReview',
    message: /use agentserviceaccounts/,
  })
})
