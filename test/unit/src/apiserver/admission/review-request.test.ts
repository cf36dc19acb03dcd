import t from 'tap'
import { requestOf } from '#src/apiserver/admission/review-request.ts'
import { attributesFor } from '#test/support/activity-admission/attributes.ts'

t.test('says everything there is to say', async t => {
  const user = { username: 'jane', uid: 'u', groups: ['g'], extra: { k: ['v'] } }
  const kind = { group: 'shadow.example.com', version: 'v1', kind: 'Thing' }
  const resource = { group: 'shadow.example.com', version: 'v1', resource: 'things' }
  t.same(requestOf(attributesFor({ user, subresource: 'status' }), 'id'), {
    uid: 'id',
    kind,
    resource,
    subResource: 'status',
    requestKind: kind,
    requestResource: resource,
    requestSubResource: 'status',
    name: 'one',
    namespace: 'red',
    operation: 'CREATE',
    userInfo: user,
    object: null,
    oldObject: null,
    dryRun: false,
    options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
  })
})

t.test('and leaves out what is empty', async t => {
  const request = requestOf(
    attributesFor({ user: { extra: {} }, name: '', namespace: '', options: {} }),
    '',
  )
  t.same(request['userInfo'], {})
  for (const name of ['name', 'namespace', 'subResource']) t.notOk(name in request, name)
})
