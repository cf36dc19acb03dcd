import t from 'tap'
import { note } from '#test/support/activity-memory.ts'
import { runActivityServer } from '#test/support/activity-server.ts'

const NOTES = '/apis/test.example/v1/namespaces/a/notes'

t.test('gets, lists and watches over a socket', async t => {
  const { storage, ask, stream, server } = await runActivityServer()
  storage.put(note('one'))
  storage.put(note('two', { namespace: 'b' }))
  const got = await ask(`${NOTES}/one`)
  t.equal(got.code, 200)
  t.match(got.headers, {
    'content-type': /^application\/json/,
    'cache-control': 'no-cache, private',
  })
  t.match(got.json, { kind: 'Note', metadata: { name: 'one', resourceVersion: '101' } })
  const listed = await ask('/apis/test.example/v1/notes')
  t.match(listed.json, {
    kind: 'NoteList',
    apiVersion: 'test.example/v1',
    metadata: { resourceVersion: '102' },
    items: [{ metadata: { name: 'one' } }, { metadata: { name: 'two' } }],
  })
  const watch = await stream(`${NOTES}?watch=true&resourceVersion=101`)
  storage.put(note('three'))
  t.match(await watch.take(1), [{ type: 'ADDED', object: { metadata: { name: 'three' } } }])
  server.drain()
  await watch.end()
  await server.close()
})
