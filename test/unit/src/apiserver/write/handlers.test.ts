import t from 'tap'
import { StorageUnavailable } from '#src/apiserver/storage/store.ts'
import { gadget } from '#test/support/apiserver/write-cases.ts'
import { writing } from '#test/support/apiserver/writing.ts'

t.test('what is refused for other reasons stays as it is', async t => {
  const { ask } = writing()
  await t.rejects(ask({ method: 'DELETE', name: 'a' }), { code: 404 })
})

t.test('what a subresource does not know', async t => {
  const { ask } = writing()
  const status = { subresource: 'status' } as const
  await t.rejects(ask({ method: 'DELETE', name: 'a', ...status }), { code: 405 })
  await t.rejects(ask({ method: 'POST', ...status }), {
    code: 405,
    message: /^create is not supported/,
  })
  await t.rejects(ask({ method: 'PUT', name: 'a' }, { subresource: 'scale' }), { code: 405 })
})

t.test('what is tried again is not warned of again', async t => {
  const { ask, put, store, warnings } = writing()
  await put('a')
  const merge = { method: 'PATCH', name: 'a', type: 'application/merge-patch+json' } as const
  store.interrupt(() => ask({ ...merge, body: { spec: { size: 2 } } }))
  await ask({ ...merge, body: { spec: { size: 3, what: 1 } } })
  t.strictSame(warnings, ['unknown field "spec.what"'])
})

t.test('without storage it has to be tried again', async t => {
  const { ask, store } = writing()
  store.interrupt(() => Promise.reject(new StorageUnavailable('gone')))
  await t.rejects(ask({ method: 'POST', body: gadget('a') }), { code: 503, retryAfterSeconds: 1 })
})

t.test('what is nested too deeply is refused', async t => {
  const { ask } = writing()
  const deep = `{"apiVersion":"check.example.com/v1","kind":"Gadget","metadata":{"name":"a"},"spec":{"title":"a","any":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}}`
  await t.rejects(ask({ method: 'POST', body: deep }), { code: 400, message: 'exceeded max depth' })
})
