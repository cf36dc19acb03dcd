import t from 'tap'
import { forbiddenBy, forbiddenByUnknown } from '#src/permissions/stack-policy.ts'
import { stack } from '#test/fixtures-grants.ts'

const secret = { source: 'secret', name: 'model' } as const
const main = 'refs/heads/main'
const fork = 'refs/pull/7/head'

t.test('pull requests have no Secrets unless the stack says so', async t => {
  t.match(forbiddenBy(stack(), secret, fork), { answer: 'denied', rule: 'R64', reason: /pull/ })
  t.match(forbiddenBy(stack({ secretPolicy: { allowOnForks: false } }), secret, fork), {
    answer: 'denied',
  })
  t.equal(forbiddenBy(stack({ secretPolicy: { allowOnForks: true } }), secret, fork), undefined)
  t.equal(forbiddenBy(stack(), secret, main), undefined)
  t.equal(forbiddenBy(stack(), secret, undefined), undefined)
})

t.test('where a stack lists Secrets, there are no others', async t => {
  const listing = (...allowedSecretRefs: string[]) =>
    stack({ secretPolicy: { allowOnForks: false, allowedSecretRefs } })
  t.equal(forbiddenBy(listing('model'), secret, main), undefined)
  t.match(forbiddenBy(listing('other'), secret, main), {
    answer: 'denied',
    reason: /allowedSecretRefs/,
  })
  t.match(forbiddenBy(listing(), secret, main), { answer: 'denied' })
})

t.test('it is about Secrets alone', async t => {
  t.equal(forbiddenBy(stack(), { source: 'configmap', name: 'model' }, fork), undefined)
  t.equal(forbiddenByUnknown('gone', 'configmap'), undefined)
})

t.test('a stack that is not there may forbid any Secret', async t => {
  t.match(forbiddenByUnknown('gone', 'secret'), {
    answer: 'denied',
    rule: 'R64',
    reason: /"gone" does not exist/,
  })
})
