import { gunzipSync } from 'node:zlib'
import { fastify } from 'fastify'
import t from 'tap'
import { send } from '#src/apiserver/http/send.ts'
import type { Answer } from '#src/apiserver/request.ts'
import { note, plainForms, testResource } from '#test/support/activity-memory.ts'

async function sent(
  answer: Answer,
  gzip: boolean,
  forms = plainForms,
  form: 'object' | 'Table' = 'object',
) {
  const app = fastify()
  const media = { form, includeObject: 'None' } as const
  app.get('/', (_, reply) => send(reply, answer, { resource: testResource(), media, forms, gzip }))
  const response = await app.inject('/')
  await app.close()
  return response
}

const entryOf = (name: string, size: number) => ({
  namespace: 'a',
  name,
  uid: 'u',
  resourceVersion: '5',
  json: JSON.stringify(note(name, { text: 'x'.repeat(size) })),
})
const listOf = (size: number): Answer => ({
  type: 'list',
  entries: [entryOf('1', size), entryOf('2', size)],
  metadata: { resourceVersion: '7' },
})

t.test('sends what is small in one piece', async t => {
  const one = await sent({ type: 'entry', code: 201, entry: entryOf('n', 5) }, true)
  t.equal(one.statusCode, 201)
  t.match(one.headers, { 'content-type': /^application\/json/, 'content-length': /\d+/ })
  t.equal(one.headers['content-encoding'], undefined)
  t.match(one.json(), { metadata: { name: 'n' } })
  const list = await sent(listOf(5), true)
  t.equal(list.statusCode, 200)
  t.ok(list.headers['content-length'])
  t.equal(list.json().items.length, 2)
})

t.test('compresses what is large', async t => {
  const zipped = { 'content-encoding': 'gzip', vary: 'Accept-Encoding' }
  const one = await sent({ type: 'entry', code: 200, entry: entryOf('n', 200_000) }, true)
  t.match(one.headers, zipped)
  t.match(JSON.parse(gunzipSync(one.rawPayload).toString()), { metadata: { name: 'n' } })
  const list = await sent(listOf(200_000), true)
  t.match(list.headers, zipped)
  t.equal((JSON.parse(gunzipSync(list.rawPayload).toString()) as { items: [] }).items.length, 2)
})

t.test('but not for those who do not take it', async t => {
  const one = await sent({ type: 'entry', code: 200, entry: entryOf('n', 200_000) }, false)
  t.equal(one.headers['content-encoding'], undefined)
  const list = await sent(listOf(200_000), false)
  t.equal(list.headers['content-length'], undefined)
  t.equal(list.json().items.length, 2)
})

t.test('breaks off where a list cannot be put together', async t => {
  const broken = {
    ...plainForms,
    tableOf: () => {
      throw new Error('x')
    },
  }
  for (const gzip of [true, false]) {
    const outcome = await sent(listOf(200_000), gzip, broken, 'Table').then(
      ({ statusCode }) => statusCode,
      () => 500,
    )
    t.equal(outcome, 500)
  }
})
