import t from 'tap'
import { accessOf } from '#src/apiserver/http/access.ts'
import type { Verb } from '#src/apiserver/request.ts'
import { testResource } from '#test/support/activity-memory.ts'

const access = (verb: Verb, query = '', name = '') =>
  accessOf({
    verb,
    resource: testResource(),
    subresource: '',
    namespace: 'a',
    name,
    query: new URLSearchParams(query),
  })

t.test('asks for the resource that the request names', async t => {
  t.strictSame(access('get', 'fieldSelector=x&labelSelector=y', 'n'), {
    verb: 'get',
    group: 'test.example',
    version: 'v1',
    resource: 'notes',
    subresource: '',
    namespace: 'a',
    name: 'n',
    labelSelector: '',
    fieldSelector: '',
  })
})

t.test('what is listed by its name needs the right to that name alone', async t => {
  const query = 'labelSelector=x&fieldSelector=metadata.name%3Dn'
  for (const verb of ['list', 'watch'] as const)
    t.match(access(verb, query), {
      name: 'n',
      labelSelector: 'x',
      fieldSelector: 'metadata.name=n',
    })
  t.match(access('deletecollection', query), { name: '', fieldSelector: 'metadata.name=n' })
  for (const selector of ['metadata.name=..', 'metadata.name=a/b', 'metadata.name!=n', 'nonsense'])
    t.equal(access('list', `fieldSelector=${encodeURIComponent(selector)}`).name, '', selector)
  t.match(access('list'), { name: '', fieldSelector: '', labelSelector: '' })
})
