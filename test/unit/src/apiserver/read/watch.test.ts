import t from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import { Frames } from '#src/apiserver/read/frames.ts'
import { WATCH_LIMITS, watch } from '#src/apiserver/read/watch.ts'
import { StorageUnavailable } from '#src/apiserver/storage/store.ts'
import { MemoryStorage, note, plainForms } from '#test/support/activity-memory.ts'
import { activityRequest } from '#test/support/activity-request.ts'
import { KeepingSink } from '#test/support/activity-sink.ts'

function begin(query: Record<string, string>, storage = new MemoryStorage()) {
  const sink = new KeepingSink()
  const controller = new AbortController()
  let opened = 0
  const serve = watch({
    store: storage,
    feed: storage,
    frames: new Frames(plainForms),
    limits: WATCH_LIMITS,
    onDropped: () => undefined,
  })
  const request = activityRequest('watch', query, { signal: controller.signal })
  const over = serve(request, { form: 'object', includeObject: 'Metadata' }, () => {
    opened++
    return sink
  })
  return { storage, sink, controller, over, opened: () => opened }
}

t.test('begins the answer once, and ends it', async t => {
  const { storage, sink, controller, over, opened } = begin({ resourceVersion: '100' })
  while (storage.listeners.size === 0) await sleep(1)
  t.equal(opened(), 1)
  storage.put(note('1'))
  controller.abort()
  await over
  t.equal(opened(), 1)
  t.equal(sink.lines.length, 1)
  t.ok(sink.ended)
})

t.test('what is wrong with the request comes before the answer', async t => {
  const wrong = begin({ resourceVersion: 'x' })
  await t.rejects(wrong.over, {
    code: 422,
    message:
      'notes.test.example "" is invalid: resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
  })
  await t.rejects(begin({ limit: 'x' }).over, { code: 400 })
  t.equal(wrong.opened(), 0)
})

t.test('a version that is gone is an ERROR event', async t => {
  const storage = new MemoryStorage()
  storage.floor = 90
  const { sink, over } = begin({ resourceVersion: '5' }, storage)
  await over
  t.match(sink.lines, [
    {
      type: 'ERROR',
      object: {
        kind: 'Status',
        code: 410,
        reason: 'Expired',
        message: 'too old resource version: 5',
      },
    },
  ])
  t.ok(sink.ended)
})

t.test('a version that is yet to come, too', async t => {
  const { sink, over } = begin({
    resourceVersion: '999',
    sendInitialEvents: 'true',
    resourceVersionMatch: 'NotOlderThan',
  })
  await over
  t.match(sink.lines, [{ type: 'ERROR', object: { code: 504, reason: 'Timeout' } }])
})

t.test('without a storage there is no answer, but once it has begun', async t => {
  const broken = new MemoryStorage()
  broken.broken = new StorageUnavailable('x')
  await t.rejects(begin({}, broken).over, StorageUnavailable)
  const storage = new MemoryStorage()
  for (let i = 0; i < 501; i++) storage.put(note(`n${i}`))
  const { sink, over } = begin({}, storage)
  await sink.take(1)
  storage.broken = new StorageUnavailable('x')
  await over
  t.match(sink.lines.at(-1), { type: 'ERROR', object: { code: 503 } })
})

t.test('what nobody foresaw goes on', async t => {
  const storage = new MemoryStorage()
  storage.broken = new Error('x')
  await t.rejects(begin({}, storage).over, { message: 'x' })
})

t.test('whoever has gone is told nothing', async t => {
  const storage = new MemoryStorage()
  storage.broken = new Error('x')
  const { controller, sink, over } = begin({}, storage)
  controller.abort()
  await over
  t.strictSame(sink.lines, [])
})
