import t from 'tap'
import { accessOf } from '#src/apiserver/auth/access-of.ts'
import type { RequestInfo, Verb } from '#src/apiserver/request.ts'
import type { Resource } from '#src/apiserver/resource.ts'

const kind = { group: 'g', version: 'v1', kind: 'Run', plural: 'runs', namespaced: true }
const request = (verb: Verb, query: Record<string, string> = {}, name = ''): RequestInfo => ({
  verb,
  resource: { kind } as unknown as Resource,
  subresource: '',
  namespace: 'n',
  name,
  query: new URLSearchParams(query),
})

t.test('asks about an object', async t => {
  t.strictSame(accessOf({ ...request('patch', {}, 'x'), subresource: 'status' }), {
    verb: 'patch',
    group: 'g',
    version: 'v1',
    resource: 'runs',
    subresource: 'status',
    namespace: 'n',
    name: 'x',
    labelSelector: '',
    fieldSelector: '',
  })
})

t.test('asks about a collection with its selectors', async t => {
  const query = { labelSelector: 'a=b', fieldSelector: 'spec.x=y' }
  for (const verb of ['list', 'watch', 'deletecollection'] as const)
    t.match(accessOf(request(verb, query)), { verb, name: '', ...query })
  t.match(accessOf(request('get', query, 'x')), { labelSelector: '', fieldSelector: '' })
  t.match(accessOf(request('list')), { labelSelector: '', fieldSelector: '' })
})

t.test('a list of one name asks about that object', async t => {
  for (const [fieldSelector, name] of [
    ['metadata.name=x', 'x'],
    ['metadata.name==x', 'x'],
    ['spec.a=b,metadata.name=x,spec.c=d', 'x'],
    ['metadata.name!=x', ''],
    ['metadata.name=', ''],
    ['metadata.name=..', ''],
    ['metadata.name=a/b', ''],
    [String.raw`spec.a=b\,metadata.name=x`, ''],
    [String.raw`metadata.name=x\,y`, ''],
    ['metadata.namespace=x', ''],
    ['spec.metadata.name=x', ''],
  ] as const) {
    t.equal(accessOf(request('list', { fieldSelector })).name, name, fieldSelector)
    t.equal(accessOf(request('watch', { fieldSelector })).name, name, fieldSelector)
  }
  t.equal(accessOf(request('deletecollection', { fieldSelector: 'metadata.name=x' })).name, '')
})
