import t from 'tap'
import { decisionOf, lengthOf, reviewOf } from '#src/apiserver/auth/access-review.ts'

const user = { username: 'jane', uid: '1', groups: ['dev'], extra: { scopes: ['a'] } }
const review = (status: object) => ({ ...reviewOf(user, { path: '/x', verb: 'get' }), status })

t.test('asks with everything that is known', async t => {
  t.strictSame(
    reviewOf(user, {
      verb: 'list',
      group: 'g',
      version: 'v1',
      resource: 'r',
      subresource: 's',
      namespace: 'n',
      name: 'o',
      labelSelector: 'a=b',
      fieldSelector: 'metadata.name=o',
    }).spec,
    {
      user: 'jane',
      uid: '1',
      groups: ['dev'],
      extra: { scopes: ['a'] },
      resourceAttributes: {
        namespace: 'n',
        verb: 'list',
        group: 'g',
        version: 'v1',
        resource: 'r',
        subresource: 's',
        name: 'o',
        fieldSelector: { rawSelector: 'metadata.name=o' },
        labelSelector: { rawSelector: 'a=b' },
      },
    },
  )
})

t.test('leaves out what is empty', async t => {
  t.strictSame(
    reviewOf(
      { username: 'jane' },
      { verb: 'get', resource: 'r', group: '', labelSelector: '', fieldSelector: '' },
    ),
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user: 'jane', resourceAttributes: { verb: 'get', resource: 'r' } },
    },
  )
})

t.test('asks about paths that are no resources', async t => {
  t.strictSame(reviewOf({ username: 'jane' }, { path: '/metrics', verb: 'get' }).spec, {
    user: 'jane',
    nonResourceAttributes: { path: '/metrics', verb: 'get' },
  })
})

t.test('only a clear yes is one', async t => {
  t.strictSame(decisionOf(review({ allowed: true })), { allowed: true, reason: '' })
  for (const status of [{ allowed: true, denied: true, reason: 'x' }, { reason: 'x' }])
    t.strictSame(decisionOf(review(status)), { allowed: false, reason: 'x' })
  t.strictSame(decisionOf(reviewOf(user, { path: '/x', verb: 'get' })), {
    allowed: false,
    reason: '',
  })
})

t.test('counts what the sender chose', async t => {
  t.equal(lengthOf({ path: '/abc', verb: 'get' }), 7)
})
