import t from 'tap'
import { Namespace } from '#src/api/core/v1.ts'
import { Lease } from '#src/api/coordination/v1.ts'
import { apiPath, labelSelectorOf, queryString } from '#src/lib/api-path.ts'

t.test('finds kinds, objects and subresources', async t => {
  const base = '/apis/coordination.k8s.io/v1'
  t.equal(apiPath(Lease), `${base}/leases`)
  t.equal(apiPath(Lease, { namespace: 'a' }), `${base}/namespaces/a/leases`)
  t.equal(
    apiPath(Lease, { namespace: 'a', name: 'b', subresource: 'status' }),
    `${base}/namespaces/a/leases/b/status`,
  )
  t.equal(apiPath(Namespace, { name: 'a', namespace: 'ignored' }), '/api/v1/namespaces/a')
})

t.test('lets no name leave its place', async t => {
  for (const name of ['', '.', '..', 'a/status', 'a%2Fstatus', '../secrets'])
    t.throws(() => apiPath(Namespace, { name }), { code: 'InvalidName' })
  t.throws(() => apiPath(Lease, { namespace: 'a/b' }), { code: 'InvalidName' })
  t.equal(apiPath(Namespace, { name: 'a?b' }), '/api/v1/namespaces/a%3Fb')
})

t.test('makes a query of what is given', async t => {
  t.equal(queryString({ a: undefined, b: '' }), '')
  t.equal(
    queryString({ watch: true, limit: 0, labelSelector: 'a=b,c' }),
    '?watch=true&limit=0&labelSelector=a%3Db%2Cc',
  )
})

t.test('selects labels by value or by being there', async t => {
  t.equal(labelSelectorOf({ b: '', a: 'x' }), 'a=x,b')
})
