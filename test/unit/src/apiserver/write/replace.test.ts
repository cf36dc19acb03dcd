import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import { gadget } from '#test/support/apiserver/write-cases.ts'
import type { Writing } from '#test/support/apiserver/writing.ts'
import { ClaimTaken } from '#src/apiserver/storage/store.ts'
import { NOW, objectOf, writing } from '#test/support/apiserver/writing.ts'

const MERGE = { method: 'PATCH', type: 'application/merge-patch+json' } as const
const update = ({ stored }: Writing, spec: object, metadata: object = {}, more: object = {}) => {
  const now = stored('a')!
  const body = {
    ...now,
    metadata: { ...now.metadata, ...metadata },
    spec: { ...now.spec, ...spec },
    ...more,
  }
  return { method: 'PUT', name: 'a', body } as const
}

t.test('nothing is written where nothing changed', async t => {
  const w = writing()
  await w.put('a')
  t.equal(objectOf(await w.ask(update(w, {}))).metadata.resourceVersion, '101')
  t.equal(w.store.changes.length, 1)
  await w.ask(update(w, { size: 2 }))
  t.equal(w.store.changes.length, 2)
  t.match(await w.ask({ ...update(w, { size: 3 }), query: 'dryRun=All' }), { type: 'object' })
  t.equal(w.store.changes.length, 2)
})

t.test('insists on the version', async t => {
  const w = writing()
  await w.put('a')
  const of = (resourceVersion: unknown) => w.ask(update(w, {}, { resourceVersion }))
  await t.rejects(of(undefined), {
    code: 422,
    message:
      /^gadgets\.check\.example\.com "a" is invalid: metadata\.resourceVersion: Invalid value: 0: must be/,
  })
  await t.rejects(of('x'), { code: 500, message: 'strconv.ParseUint: parsing "x": invalid syntax' })
  await t.rejects(of('7'), {
    code: 409,
    message: /please apply your changes to the latest version/,
  })
  await t.rejects(w.ask({ ...MERGE, name: 'b', body: {} }), { code: 404 })
})

t.test('insists on the uid', async t => {
  const w = writing()
  await w.put('a')
  const other = update(w, {}, { uid: 'mine' })
  await t.rejects(w.ask(other), {
    code: 409,
    message: /Key: \/registry\/check\.example\.com\/gadgets\/n\/a, .* UID in object meta: u$/,
  })
  await t.rejects(w.ask({ ...other, query: 'dryRun=All' }), {
    message: /Key: \/check\.example\.com/,
  })
})

t.test('what does not fit is refused', async t => {
  const w = writing()
  await w.put('a')
  await t.rejects(w.ask(update(w, { size: -1 })), { code: 422 })
  const status = {
    ...update(w, { size: -1 }, {}, { status: { count: 'x' } }),
    subresource: 'status',
  } as const
  await t.rejects(w.ask(status), { code: 422, message: /status\.count: Invalid value/ })
  t.equal(w.admitted.length, 0)
})

t.test('warns of finalizers, but not by way of the status', async t => {
  const w = writing()
  await w.put('a')
  const status = { status: { count: 1 } }
  await w.ask({ ...update(w, {}, { finalizers: ['x'] }, status), subresource: 'status' })
  t.equal(w.warnings.length, 0)
  t.match(w.stored('a'), status)
  await w.ask(update(w, {}, { finalizers: ['x'] }))
  t.equal(w.warnings.length, 1)
  t.match(w.admitted[1], {
    operation: 'UPDATE',
    oldObject: status,
    options: { kind: 'UpdateOptions' },
  })
})

t.test('without a version it is tried again', async t => {
  const w = writing()
  await w.put('a')
  w.store.interrupt(() => w.ask({ ...MERGE, name: 'a', body: { spec: { team: 'x' } } }))
  await w.ask({ ...MERGE, name: 'a', body: { spec: { size: 2 } } })
  t.match(w.stored('a')?.spec, { team: 'x', size: 2 })
  w.store.interrupt(() => w.ask({ method: 'DELETE', name: 'a' }))
  await t.rejects(w.ask({ ...MERGE, name: 'a', body: { spec: { size: 3 } } }), { code: 404 })
})

t.test('what is created meanwhile is merged with', async t => {
  const w = writing()
  const apply = {
    method: 'PATCH',
    name: 'a',
    type: 'application/apply-patch+yaml',
    query: 'fieldManager=me',
  } as const
  w.store.interrupt(() => w.put('a', { team: 'x' }))
  t.match(await w.ask({ ...apply, body: gadget('a') }), { code: 200 })
  t.match(w.stored('a')?.spec, { team: 'x', title: 'a title' })
  w.store.interrupt(() => Promise.reject(new TypeError('oops')))
  await t.rejects(w.ask({ ...MERGE, name: 'a', body: { spec: { size: 2 } } }), {
    name: 'TypeError',
  })
})

t.test('but not for ever', async t => {
  const w = writing()
  await w.put('a')
  let size = 10
  const always = (): void =>
    w.store.interrupt(async () => {
      w.store.interrupt(() => Promise.resolve())
      await w.ask({ ...MERGE, name: 'a', body: { spec: { size: (size += 1) } } })
      always()
    })
  always()
  await t.rejects(w.ask({ ...MERGE, name: 'a', body: { spec: { team: 'x' } } }), {
    code: 409,
    reason: 'Conflict',
  })
  t.equal(size, 15)
})

t.test('what loses and insists is told so', async t => {
  const w = writing()
  await w.put('a')
  w.store.interrupt(() => w.ask({ ...MERGE, name: 'a', body: { spec: { team: 'x' } } }))
  await t.rejects(w.ask(update(w, { size: 2 })), { code: 409, reason: 'Conflict' })
})

t.test('what is held by nothing any more goes', async t => {
  const w = writing()
  const deleting = { finalizers: ['x.y/z'], deletionTimestamp: NOW, deletionGracePeriodSeconds: 0 }
  await w.put('a', {}, deleting)
  t.match(await w.ask({ ...update(w, {}, { finalizers: [] }), query: 'dryRun=All' }), {
    type: 'object',
  })
  t.ok(w.stored('a'))
  const answer = await w.ask(update(w, {}, { finalizers: [] }))
  t.match(answer, { type: 'object', code: 200 })
  t.notOk(w.stored('a'))
  t.match(w.store.changes.at(-1), {
    type: 'delete',
    object: { metadata: { finalizers: ['x.y/z'] } },
  })
  await w.put('a', {}, { ...deleting, deletionGracePeriodSeconds: 5 })
  await w.ask(update(w, {}, { finalizers: [] }))
  t.ok(w.stored('a'))
})

t.test('what one at most may hold', async t => {
  let time = 0
  const claim = (object: UnknownObject, now: Date) =>
    now.getTime() < (object.spec!['size'] as number)
      ? (object.spec?.['team'] as string | undefined)
      : undefined
  const w = writing({ hooks: () => ({ claim }), clock: () => time })
  await w.put('a', { size: 5 })
  await w.put('b', { size: 9 })
  const team = (name: string, query = '') =>
    w.ask({ ...MERGE, name, query, body: { spec: { team: 'x' } } })
  await team('a')
  const taken = { code: 409, reason: 'AlreadyExists', details: { name: 'a' } }
  await t.rejects(team('b'), taken)
  await t.rejects(team('b', 'dryRun=All'), taken)
  t.match(await team('a', 'dryRun=All'), { type: 'object' })
  time = 5
  t.match(await team('b', 'dryRun=All'), { type: 'object' }, 'whose time is over holds nothing')
  await team('b')
  t.match(w.stored('b'), { spec: { team: 'x' } })
  await w.put('c', { size: 9 })
  w.store.interrupt(() => Promise.reject(new ClaimTaken('x', 'gone')))
  await w.ask({ ...MERGE, name: 'c', body: { spec: { team: 'y' } } })
})
