import t from 'tap'
import { StatusError } from '#src/apiserver/status-error.ts'
import { gadget } from '#test/support/apiserver/write-cases.ts'
import { objectOf, writing } from '#test/support/apiserver/writing.ts'

const apply = (name: string, body: unknown, query = 'fieldManager=me') =>
  ({ method: 'PATCH', name, type: 'application/apply-patch+yaml', body, query }) as const

t.test('creates, then merges', async t => {
  const { ask, admitted } = writing()
  const created = await ask(apply('a', gadget('a')))
  t.match(created, { type: 'entry', code: 201 })
  t.match(objectOf(created), { metadata: { uid: 'uid-1', namespace: 'n' }, spec: { size: 1 } })
  t.match(admitted[0], {
    operation: 'CREATE',
    name: 'a',
    options: { kind: 'CreateOptions', fieldManager: 'me' },
  })
  t.match(await ask(apply('a', gadget('a', { size: 2 }))), { code: 200 })
  t.match(admitted[1], { operation: 'UPDATE', options: { kind: 'UpdateOptions' } })
})

t.test('nothing is created by way of its status, nor by whom may not', async t => {
  const access: unknown[] = []
  const authorizer = {
    authorize: (_: unknown, asked: unknown) => {
      access.push(asked)
      return Promise.reject(new StatusError(403, 'Forbidden', 'no'))
    },
  }
  const { ask, store } = writing({ authorizer })
  await t.rejects(ask({ ...apply('a', gadget('a')), subresource: 'status' }), { code: 404 })
  await t.rejects(ask(apply('a', gadget('a'))), { code: 403 })
  t.match(access, [{ verb: 'create', resource: 'gadgets', namespace: 'n', name: 'a' }])
  t.equal(store.changes.length, 0)
})

t.test('reads YAML', async t => {
  const { ask, warnings } = writing()
  const twice =
    'apiVersion: check.example.com/v1\nkind: Gadget\nmetadata: {name: a}\nspec:\n  title: a\n  title: b\n'
  t.match(objectOf(await ask(apply('a', twice))).spec, { title: 'b' })
  t.strictSame(warnings, ['line 6: key "title" already set in map'])
  await ask(apply('a', twice, 'fieldManager=me&fieldValidation=Ignore'))
  t.equal(warnings.length, 1)
  await t.rejects(ask(apply('a', twice, 'fieldManager=me&fieldValidation=Strict')), {
    code: 400,
    message:
      /^error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n {2}line 6/,
  })
  await t.rejects(ask(apply('a', '[')), {
    code: 400,
    message: /^error decoding YAML: error converting YAML to JSON: yaml: line 1/,
  })
  await t.rejects(ask(apply('a', 'text')), {
    code: 400,
    message: /^error decoding YAML: error unmarshaling JSON/,
  })
  t.match(await ask(apply('a', '')), { code: 200 }, 'nothing is as good as an empty map')
})

t.test('refuses', async t => {
  const { ask } = writing()
  await t.rejects(ask(apply('a', gadget('a'), '')), {
    code: 422,
    message: /fieldManager: Required value/,
  })
  await t.rejects(ask(apply('a', gadget('b'))), {
    code: 400,
    message: /does not match the name on the URL/,
  })
  await t.rejects(ask(apply('a', gadget('a', {}, { uid: 'mine' }))), {
    code: 409,
    message: /uid mismatch/,
  })
  await t.rejects(ask(apply('a', gadget('a', {}, { labels: 1 }))), { code: 400 })
})
