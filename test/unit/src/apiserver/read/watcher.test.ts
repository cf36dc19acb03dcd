import t from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import { Frames } from '#src/apiserver/read/frames.ts'
import { listOptions } from '#src/apiserver/read/list-options.ts'
import { Watcher } from '#src/apiserver/read/watcher.ts'
import { MemoryStorage, note, plainForms, testResource } from '#test/support/activity-memory.ts'
import { activityRequest } from '#test/support/activity-request.ts'
import { KeepingSink } from '#test/support/activity-sink.ts'

const media = { form: 'object', includeObject: 'Metadata' } as const
const INITIAL = { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }
const END = { 'k8s.io/initial-events-end': 'true' }

function begin(
  query: Record<string, string>,
  { storage = new MemoryStorage(), ms = {}, namespace = 'a' } = {},
) {
  const controller = new AbortController()
  const sink = new KeepingSink()
  const dropped: number[] = []
  const context = {
    store: storage,
    feed: storage,
    frames: new Frames(plainForms),
    limits: { waiting: 1_000, bookmarkMs: 60_000, leastMs: 60_000, ...ms },
    onDropped: (_: string, bytes: number) => void dropped.push(bytes),
  }
  const request = activityRequest('watch', query, { signal: controller.signal, namespace })
  const watcher = new Watcher(context, request, listOptions(request), media, () => sink)
  return { storage, sink, dropped, controller, watcher, over: watcher.run() }
}

function withNotes(...names: string[]): MemoryStorage {
  const storage = new MemoryStorage()
  for (const name of names) storage.put(note(name))
  return storage
}

const said = (sink: KeepingSink) =>
  sink.lines.map(({ type, object }) => {
    const { metadata } = object as { metadata: { name?: string; resourceVersion: string } }
    return `${type as string} ${metadata.name ?? metadata.resourceVersion}`
  })

t.test('goes on from a version', async t => {
  const { storage, sink, controller, over } = begin(
    { resourceVersion: '101' },
    { storage: withNotes('1', '2') },
  )
  await sink.take(1)
  storage.put(note('2', { colour: 'blue' }))
  storage.put(note('elsewhere', { namespace: 'b' }))
  storage.remove('a', '1')
  t.strictSame(said(sink), ['ADDED 2', 'MODIFIED 2', 'DELETED 1'])
  controller.abort()
  await over
  t.equal(storage.listeners.size, 0)
  storage.put(note('3'))
  t.equal(sink.lines.length, 3)
})

t.test('tells first of what is there, unless a version is named', async t => {
  for (const query of [{}, { resourceVersion: '0' }]) {
    const { storage, sink, controller, over } = begin(
      { ...query, allowWatchBookmarks: 'true' },
      { storage: withNotes('1', '2') },
    )
    await sink.take(2)
    storage.put(note('3'))
    await sink.take(3)
    t.strictSame(said(sink), ['ADDED 1', 'ADDED 2', 'ADDED 3'])
    controller.abort()
    await over
  }
})

t.test('sendInitialEvents ends with the bookmark', async t => {
  const { sink, controller, over } = begin(
    { ...INITIAL, allowWatchBookmarks: 'true', resourceVersion: '101' },
    { storage: withNotes('1', '2') },
  )
  await sink.take(3)
  t.strictSame(said(sink), ['ADDED 1', 'ADDED 2', 'BOOKMARK 102'])
  t.match(sink.lines[2], { object: { metadata: { annotations: END } } })
  controller.abort()
  await over
})

t.test('but not for those who want no bookmarks', async t => {
  const { storage, sink, controller, over } = begin(INITIAL, { storage: withNotes('1') })
  await sink.take(1)
  await sleep(5)
  storage.put(note('2'))
  await sink.take(2)
  t.strictSame(said(sink), ['ADDED 1', 'ADDED 2'])
  controller.abort()
  await over
})

t.test('sendInitialEvents=false begins now', async t => {
  const { storage, sink, controller, over } = begin(
    { ...INITIAL, sendInitialEvents: 'false' },
    { storage: withNotes('1', '2') },
  )
  while (storage.listeners.size === 0) await sleep(1)
  storage.put(note('3'))
  t.strictSame(said(sink), ['ADDED 3'])
  controller.abort()
  await over
})

t.test('objects come and go with the selector', async t => {
  const { storage, sink, controller, over } = begin(
    { resourceVersion: '101', fieldSelector: 'spec.colour=red' },
    { storage: withNotes('1') },
  )
  while (storage.listeners.size === 0) await sleep(1)
  storage.put(note('1', { colour: 'blue' }))
  storage.put(note('1', { colour: 'green' }))
  storage.put(note('1'))
  t.strictSame(said(sink), ['DELETED 1', 'ADDED 1'])
  t.match(sink.lines[0], {
    object: { metadata: { resourceVersion: '102' }, spec: { colour: 'red' } },
  })
  controller.abort()
  await over
})

t.test('one object by its name', async t => {
  const { storage, sink, controller, over } = begin(
    { resourceVersion: '100', fieldSelector: 'metadata.name=2' },
    { storage: withNotes('1', '2') },
  )
  await sink.take(1)
  t.strictSame(said(sink), ['ADDED 2'])
  t.equal([...storage.listeners][0]!.name, '2')
  controller.abort()
  await over
})

t.test('all namespaces', async t => {
  const { storage, sink, controller, over } = begin({ resourceVersion: '100' }, { namespace: '' })
  while (storage.listeners.size === 0) await sleep(1)
  storage.put(note('1'))
  storage.put(note('2', { namespace: 'b' }))
  t.strictSame(said(sink), ['ADDED 1', 'ADDED 2'])
  controller.abort()
  await over
})

t.test('much of it page by page, to those who read', async t => {
  const names = Array.from({ length: 1_200 }, (_, i) => `n${String(i).padStart(4, '0')}`)
  const storage = withNotes(...names)
  const reading = begin({}, { storage })
  t.strictSame(said({ lines: await reading.sink.take(1_200) } as KeepingSink).at(-1), 'ADDED n1199')
  t.equal(reading.sink.drains, 2)
  reading.controller.abort()
  await reading.over
  const stalled = begin({}, { storage })
  stalled.sink.reads = false
  await stalled.over
  t.equal(stalled.sink.lines.length, 500)
  t.ok(stalled.sink.isCut, 'nobody will take what waits')
  const gone = begin({}, { storage })
  gone.sink.onDrained = () => gone.controller.abort()
  await gone.over
  t.equal(gone.sink.lines.length, 500)
})

t.test('what is past is told to those who take it', async t => {
  const { watcher, sink, over } = begin({ resourceVersion: '100' })
  t.equal(await watcher.taken(), true)
  sink.reads = false
  t.equal(await watcher.taken(), false)
  t.ok(sink.isCut)
  await over
  t.equal(await watcher.taken(), false)
  t.equal(sink.drains, 2)
})

t.test('whoever does not read is cut off', async t => {
  const { storage, sink, dropped, over } = begin({ resourceVersion: '100' })
  while (storage.listeners.size === 0) await sleep(1)
  storage.put(note('1'))
  sink.waiting = 1_001
  storage.put(note('2'))
  storage.put(note('3'))
  await over
  t.ok(sink.isCut)
  t.equal(sink.lines.length, 1)
  t.equal(dropped.length, 1)
  t.ok(dropped[0]! > 1_001)
})

t.test('a bookmark now and then', async t => {
  const { storage, sink, controller, over } = begin(
    { resourceVersion: '100', allowWatchBookmarks: 'true' },
    { ms: { bookmarkMs: 10 } },
  )
  await sink.take(1)
  storage.tick()
  storage.put(note('1'))
  await sink.take(3)
  controller.abort()
  await over
  t.strictSame(said(sink), ['BOOKMARK 100', 'ADDED 1', 'BOOKMARK 102'])
  t.notOk('annotations' in (sink.lines[2]!['object'] as { metadata: object }).metadata)
  await sleep(30)
  t.equal(sink.lines.length, 3)
})

t.test('a feed that is behind is not heeded', async t => {
  const { storage, watcher, sink, controller, over } = begin(
    { resourceVersion: '0102', allowWatchBookmarks: 'true' },
    { storage: withNotes('1', '2'), ms: { bookmarkMs: 10 } },
  )
  while (storage.listeners.size === 0) await sleep(1)
  watcher.progress('99')
  const entry = await storage.get(testResource(), { namespace: 'a', name: '1' })
  watcher.event({ type: 'ADDED', entry: entry!, labels: {}, fields: {} })
  await sink.take(1)
  controller.abort()
  await over
  t.equal(said(sink)[0], 'BOOKMARK 102')
})

t.test('a bookmark shortly before the end, and the end', async t => {
  const start = Date.now()
  const { sink, over } = begin({
    resourceVersion: '100',
    allowWatchBookmarks: 'true',
    timeoutSeconds: '3',
  })
  await over
  const took = Date.now() - start
  t.ok(took >= 2_900 && took < 4_000)
  t.strictSame(said(sink), ['BOOKMARK 100'])
})

t.test('takes as long as it likes where nobody says how long', async () => {
  const { over } = begin(
    { resourceVersion: '100', allowWatchBookmarks: 'true' },
    { ms: { leastMs: 20 } },
  )
  await over
  const long = begin({ resourceVersion: '100', timeoutSeconds: '99999999999' })
  await sleep(10)
  long.controller.abort()
  await long.over
})

t.test('nobody waits for what was over before it began', async t => {
  const storage = withNotes('1')
  const controller = new AbortController()
  controller.abort()
  const sink = new KeepingSink()
  const request = activityRequest('watch', '', { signal: controller.signal })
  const context = {
    store: storage,
    feed: storage,
    frames: new Frames(plainForms),
    limits: { waiting: 1_000, bookmarkMs: 1, leastMs: 1 },
    onDropped: () => undefined,
  }
  await new Watcher(context, request, listOptions(request), media, () => sink).run()
  t.equal(storage.listeners.size, 0)
})

t.test('a feed may end', async t => {
  const lost = begin({ resourceVersion: '100' })
  lost.watcher.end('unavailable')
  await lost.over
  const late = begin(
    { resourceVersion: '100', allowWatchBookmarks: 'true' },
    { ms: { bookmarkMs: 1 } },
  )
  while (late.storage.listeners.size === 0) await sleep(1)
  late.watcher.end('expired')
  await t.rejects(late.over, { code: 410, message: 'too old resource version: 100' })
})
