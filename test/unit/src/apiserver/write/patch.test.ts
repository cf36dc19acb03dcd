import t from 'tap'
import { objectOf, writing } from '#test/support/apiserver/writing.ts'

const merge = (body: unknown, query = '') =>
  ({ method: 'PATCH', name: 'a', type: 'application/merge-patch+json', body, query }) as const
const json = (body: unknown, query = '') =>
  ({ ...merge(body, query), type: 'application/json-patch+json' }) as const

const w = writing()
t.before(() => w.put('a'))

t.test('patches', async t => {
  t.match(objectOf(await w.ask(merge({ spec: { team: 'x', size: null } }))).spec, {
    team: 'x',
    size: 1,
  })
  t.match(objectOf(await w.ask(json([{ op: 'replace', path: '/spec/size', value: 2 }]))).spec, {
    size: 2,
  })
  t.match(
    objectOf(await w.ask({ ...merge({ status: { count: 1 } }), subresource: 'status' })).status,
    { count: 1 },
  )
  const apply = {
    ...merge({ apiVersion: 'check.example.com/v1', kind: 'Gadget', spec: { size: 3 } }),
    type: 'application/apply-patch+yaml',
  }
  t.match(objectOf(await w.ask({ ...apply, query: 'fieldManager=me' })).spec, { size: 3 })
})

t.test('says what it does not know', async t => {
  await w.ask(merge('{"spec":{"what":1,"size":4,"size":4}}'))
  t.strictSame(w.warnings, ['duplicate field "spec.size"', 'unknown field "spec.what"'])
  await w.ask(merge('{"spec":{"what":1}}', 'fieldValidation=Ignore'))
  t.equal(w.warnings.length, 2)
  await t.rejects(w.ask(merge({ spec: { what: 1 } }, 'fieldValidation=Strict')), {
    code: 422,
    message:
      /^ "" is invalid: patch: Invalid value: "\{.*\}": strict decoding error: unknown field "spec\.what"$/,
  })
})

t.test('refuses', async t => {
  await t.rejects(w.ask({ ...merge({}), type: 'application/strategic-merge-patch+json' }), {
    code: 415,
    message:
      /include: application\/json-patch\+json, application\/merge-patch\+json, application\/apply-patch\+yaml$/,
  })
  await t.rejects(w.ask(merge({ metadata: { labels: { a: 1 } } })), {
    code: 422,
    message: /cannot unmarshal number/,
  })
  await t.rejects(w.ask(json([{ op: 'replace', path: '', value: [] }])), {
    code: 422,
    message: /cannot unmarshal array/,
  })
  await t.rejects(w.ask(merge({ kind: null })), { code: 422, message: /Object 'Kind' is missing/ })
  await t.rejects(w.ask(merge({ kind: 'Widget' })), {
    code: 422,
    message: /kind: Invalid value: "Widget": must be Gadget/,
  })
  await t.rejects(w.ask(merge({ metadata: { name: 'b' } })), { code: 400 })
  await t.rejects(w.ask(merge({ metadata: null })), { code: 400, message: /undeterminable/ })
  await t.rejects(w.ask(merge({ metadata: { resourceVersion: '1' } })), { code: 409 })
})
