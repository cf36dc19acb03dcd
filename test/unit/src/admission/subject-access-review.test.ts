import t from 'tap'
import { subjectAccessReview } from '#src/admission/subject-access-review.ts'

const review = {
  verb: 'bind',
  group: 'rbac.authorization.k8s.io',
  resource: 'clusterroles',
  namespace: 'kradle-org-acme',
  name: 'kradle-admin',
}

t.test('asks for the identity that the API server vouched for, all of it', async t => {
  const user = { username: 'jane', uid: '7', groups: ['dev'], extra: { scopes: ['a', 'b'] } }
  const { spec } = subjectAccessReview(user, { resourceAttributes: review })
  t.strictSame(spec, {
    user: 'jane',
    uid: '7',
    groups: ['dev'],
    extra: { scopes: ['a', 'b'] },
    resourceAttributes: review,
  })
})

t.test('leaves out what the requester does not have', async t => {
  const { spec } = subjectAccessReview({ username: 'jane' }, { resourceAttributes: review })
  t.strictSame(spec, { user: 'jane', resourceAttributes: review })
  const path = { nonResourceAttributes: { path: '/x', verb: 'get' } }
  t.strictSame(subjectAccessReview({}, path).spec, path)
})
