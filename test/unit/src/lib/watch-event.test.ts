import t from 'tap'
import { parseWatchEvent } from '#src/lib/watch-event.ts'

t.test('reads events', async t => {
  const object = { metadata: { name: 'a' } }
  for (const type of ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'])
    t.strictSame(parseWatchEvent(JSON.stringify({ type, object })), { type, object })
})

t.test('throws what the server says', async t => {
  const object = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }
  t.throws(() => parseWatchEvent(JSON.stringify({ type: 'ERROR', object })), {
    name: 'ApiError',
    code: 410,
    reason: 'Expired',
  })
  t.throws(() => parseWatchEvent('{"type":"ERROR"}'), { name: 'ApiError', code: 500 })
})

t.test('takes nothing else, and quotes none of it', async t => {
  for (const line of [
    '{"type":"ADDED","object":{"data":"hunter2"',
    '{"type":"ADDED","object":null}',
    '{"type":"ADDED"}',
    '{"type":"hunter2","object":{}}',
    '{}',
  ])
    t.throws(() => parseWatchEvent(line), {
      code: 'MalformedAnswer',
      message: /^a line of a watch/,
    })
})
