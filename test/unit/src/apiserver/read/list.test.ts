import t from 'tap'
import { continueTokens } from '#src/apiserver/read/continue-token.ts'
import { list } from '#src/apiserver/read/list.ts'
import type { Answer } from '#src/apiserver/request.ts'
import type { StatusError } from '#src/apiserver/status-error.ts'
import { ExpiredVersion, FutureVersion } from '#src/apiserver/storage/store.ts'
import { MemoryStorage, note } from '#test/support/activity-memory.ts'
import { activityRequest } from '#test/support/activity-request.ts'

type Listed = Extract<Answer, { type: 'list' }>

function withNotes(...names: string[]) {
  const storage = new MemoryStorage()
  for (const name of names) storage.put(note(name))
  const handler = list(storage, storage, continueTokens(Buffer.alloc(32)))
  const ask = async (query: Record<string, string> = {}, namespace = 'a') =>
    (await handler(activityRequest('list', query, { namespace }))) as Listed
  return { storage, ask }
}

const names = ({ entries }: Listed) => entries.map(({ name }) => name)

t.test('lists a namespace, or all of them', async t => {
  const { storage, ask } = withNotes('one', 'two')
  storage.put(note('other', { namespace: 'b', colour: 'blue', labels: { x: 'y' } }))
  t.strictSame(names(await ask()), ['one', 'two'])
  t.strictSame((await ask()).metadata, { resourceVersion: '103' })
  t.strictSame(names(await ask({}, '')), ['one', 'two', 'other'])
  t.strictSame(names(await ask({ labelSelector: 'x=y' }, '')), ['other'])
  t.strictSame(names(await ask({ fieldSelector: 'spec.colour!=red' }, '')), ['other'])
})

t.test('page after page of one moment', async t => {
  const { storage, ask } = withNotes('1', '2', '3', '4', '5')
  const first = await ask({ limit: '2' })
  t.strictSame(names(first), ['1', '2'])
  t.match(first.metadata, { resourceVersion: '105', remainingItemCount: 3 })
  storage.remove('a', '3')
  storage.put(note('6'))
  const second = await ask({ limit: '2', continue: first.metadata.continue! })
  t.strictSame(names(second), ['3', '4'])
  t.match(second.metadata, { resourceVersion: '105', remainingItemCount: 1 })
  const third = await ask({ limit: '2', continue: second.metadata.continue!, resourceVersion: '0' })
  t.strictSame(names(third), ['5'])
  t.strictSame(third.metadata, { resourceVersion: '105' })
  const selected = await ask({ limit: '2', fieldSelector: 'spec.colour=red' })
  t.ok(selected.metadata.continue)
  t.notOk('remainingItemCount' in selected.metadata)
})

t.test('a page whose moment is gone says how to go on all the same', async t => {
  const { storage, ask } = withNotes('1', '2', '3')
  const { metadata } = await ask({ limit: '1' })
  storage.put(note('2', { colour: 'blue' }))
  storage.floor = 104
  const gone = (await ask({ limit: '1', continue: metadata.continue! }).catch(
    (error: unknown) => error,
  )) as StatusError
  t.match(gone, {
    code: 410,
    reason: 'Expired',
    message: /^The provided continue parameter is too old/,
  })
  const token = gone.body.metadata['continue'] as string
  const rest = await ask({ continue: token })
  t.strictSame(names(rest), ['2', '3'])
  t.equal(rest.metadata.resourceVersion, '104')
})

t.test('exactly at a version, or not older', async t => {
  const { storage, ask } = withNotes('1', '2', '3')
  const exact = await ask({ resourceVersion: '102', resourceVersionMatch: 'Exact' })
  t.strictSame([names(exact), exact.metadata.resourceVersion], [['1', '2'], '102'])
  t.strictSame(names(await ask({ resourceVersion: '101', limit: '5' })), ['1'])
  for (const version of ['101', '0']) {
    const query = { resourceVersion: version, resourceVersionMatch: 'NotOlderThan' }
    t.equal(names(await ask(query)).length, 3)
    t.equal(names(await ask({ resourceVersion: version })).length, 3)
  }
  const soon = ask({ resourceVersion: '104' })
  storage.tick()
  t.equal((await soon).metadata.resourceVersion, '104')
  storage.floor = 103
  await t.rejects(ask({ resourceVersion: '102', resourceVersionMatch: 'Exact' }), {
    code: 410,
    message: 'The resourceVersion for the provided list is too old.',
  })
})

t.test('a version that is yet to come', async t => {
  const { storage, ask } = withNotes('1')
  const exact = { resourceVersion: '102', resourceVersionMatch: 'Exact' }
  const soon = ask(exact)
  storage.put(note('2'))
  t.strictSame(names(await soon), ['1', '2'])
  const never = { code: 504, message: 'Timeout: Too large resource version: 999, current: 102' }
  await Promise.all([
    t.rejects(ask({ resourceVersion: '999' }), never),
    t.rejects(ask({ ...exact, resourceVersion: '999' }), never),
  ])
})

t.test('a feed that is ahead of the store', async t => {
  const { storage } = withNotes('1')
  const failing = (error: Error) =>
    list(
      {
        get: () => Promise.reject(error),
        list: () => Promise.reject(error),
        write: () => Promise.reject(error),
        check: () => Promise.reject(error),
        unclaim: () => Promise.reject(error),
      },
      storage,
      continueTokens(Buffer.alloc(32)),
    )(activityRequest('list', { resourceVersion: '101', resourceVersionMatch: 'Exact' }))
  await t.rejects(failing(new FutureVersion('x')), { code: 504 })
  await t.rejects(failing(new ExpiredVersion('x')), { code: 410 })
  await t.rejects(failing(new Error('x')), { message: 'x' })
  let asked = 0
  const error = new Error('x')
  const later = {
    get: () => Promise.reject(error),
    write: () => Promise.reject(error),
    check: () => Promise.reject(error),
    unclaim: () => Promise.reject(error),
    list: () => Promise.reject(asked++ === 0 ? new FutureVersion('x') : error),
  }
  const request = activityRequest('list', { resourceVersion: '101', resourceVersionMatch: 'Exact' })
  await t.rejects(list(later, storage, continueTokens(Buffer.alloc(32)))(request), error)
})

t.test('400 for a version that is none, or does not belong there', async t => {
  const { ask } = withNotes('1', '2')
  await t.rejects(ask({ resourceVersion: 'x' }), {
    code: 400,
    message:
      'invalid resource version: resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
  })
  const { metadata } = await ask({ limit: '1' })
  await t.rejects(ask({ continue: metadata.continue!, resourceVersion: '101' }), {
    code: 400,
    message: 'specifying resource version is not allowed when using continue',
  })
  await t.rejects(ask({ continue: 'x' }), { code: 400, message: /^invalid continue token/ })
})
