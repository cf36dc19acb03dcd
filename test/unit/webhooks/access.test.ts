import t from 'tap'
import { accessOf, bothOf, noAccess } from '#webhooks/access.ts'
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

t.test('knows what was asked, and that alone', async t => {
  const access = accessOf([[use, false]])
  t.equal(access.knows({ ...use }), true)
  t.equal(access.knows({ ...use, name: 'other' }), false)
  t.equal(noAccess.knows(use), false)
})

t.test('puts the answers of two rounds together', async t => {
  const other = { ...use, name: 'other' }
  const both = bothOf(accessOf([[use, false]]), accessOf([[other, true]]))
  t.strictSame([both.knows(use), both.allowed(use)], [true, false])
  t.strictSame([both.knows(other), both.allowed(other)], [true, true])
  const third = { ...use, name: 'third' }
  t.equal(both.knows(third), false)
  t.throws(() => both.allowed(third), { code: 'UnaskedReview' })
})

t.test('answers nothing that nobody asked', async t => {
  t.throws(() => noAccess.allowed(use), {
    code: 'UnaskedReview',
    message: /use agentserviceaccounts/,
  })
})
