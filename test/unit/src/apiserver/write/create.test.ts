import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import { StatusError } from '#src/apiserver/status-error.ts'
import { ClaimTaken } from '#src/apiserver/storage/store.ts'
import { gadget } from '#test/support/apiserver/write-cases.ts'
import { NOW, objectOf, writing } from '#test/support/apiserver/writing.ts'

const post = (body: unknown, query = '') => ({ method: 'POST', body, query }) as const
const unnamed = (generateName: string, more: object = {}) =>
  gadget('', {}, { name: undefined, generateName, ...more })

t.test('creates', async t => {
  const { ask, stored, admitted, warnings } = writing()
  const answer = await ask(
    post(gadget('a', {}, { uid: 'mine', finalizers: ['x'] }, { status: { phase: 'New' } })),
  )
  t.match(answer, { type: 'entry', code: 201 })
  t.strictSame(objectOf(answer), {
    ...gadget('a', { size: 1 }),
    metadata: {
      name: 'a',
      finalizers: ['x'],
      namespace: 'n',
      uid: 'uid-1',
      creationTimestamp: NOW,
      generation: 1,
      resourceVersion: '101',
    },
  })
  t.strictSame(stored('a'), objectOf(answer))
  t.match(warnings, [/^metadata\.finalizers: "x"/])
  t.match(admitted, [
    {
      operation: 'CREATE',
      name: 'a',
      object: { metadata: { uid: 'uid-1' } },
      options: { kind: 'CreateOptions' },
    },
  ])
})

t.test('a dry run stores nothing', async t => {
  const { ask, store, put } = writing()
  const answer = await ask(post(gadget('a', {}, { resourceVersion: '1' }), 'dryRun=All'))
  t.match(answer, { type: 'object', code: 201 })
  t.equal(store.changes.length, 0)
  await put('a')
  await t.rejects(ask(post(gadget('a'), 'dryRun=All')), { code: 409, reason: 'AlreadyExists' })
})

t.test('refuses', async t => {
  const { ask, put, store } = writing()
  await t.rejects(ask(post(gadget('a', { size: -1 }))), { code: 422, reason: 'Invalid' })
  await t.rejects(ask(post(gadget('', {}, { name: undefined }))), {
    message: /^Gadget.check.example.com "" is invalid/,
  })
  await t.rejects(ask(post({ apiVersion: 'check.example.com/v1', kind: 'Gadget' })), { code: 422 })
  await t.rejects(ask(post(gadget('a', {}, { resourceVersion: '1' }))), { code: 500 })
  await put('a')
  await t.rejects(ask(post(gadget('a'))), {
    code: 409,
    message: 'gadgets.check.example.com "a" already exists',
  })
  await put('b', {}, { deletionTimestamp: NOW })
  await t.rejects(ask(post(gadget('b'))), {
    message: 'object is being deleted: gadgets.check.example.com "b" already exists',
  })
  store.interrupt(() => Promise.reject(new TypeError('oops')))
  await t.rejects(ask(post(gadget('c'))), { name: 'TypeError' })
})

t.test('makes up a name until one is free', async t => {
  let dice = 0
  const random = {
    uuid: () => 'u',
    index: (below: number) => Math.floor((dice += 1) / 5.1) % below,
  }
  const { ask, put, admitted } = writing({ random })
  await put('gen-bbbbb')
  const { name } = objectOf(await ask(post(unnamed('gen-')))).metadata
  t.match(name, /^gen-[b-df-hj-np-tv-xz2-9]{5}$/)
  t.not(name, 'gen-bbbbb')
  t.equal(admitted.at(-1)?.name, name, 'admission is told the name that it has in the end')
  const long = objectOf(await ask(post(unnamed('x'.repeat(90))))).metadata.name
  t.equal(long.length, 63)
})

t.test('gives up when every name is taken', async t => {
  const { ask, put, admitted } = writing()
  await put('gen-bbbbb')
  const taken = {
    code: 409,
    details: { retryAfterSeconds: 1 },
    message: /was not able to generate a unique name/,
  }
  await t.rejects(ask(post(unnamed('gen-'))), taken)
  t.equal(admitted.length, 8)
  await put('a')
  await t.rejects(ask(post(unnamed('gen-', { name: 'a' }))), taken)
  t.equal(admitted.length, 9, 'a name that was given is not tried again')
})

t.test('what one at most may hold', async t => {
  const { ask, admitted } = writing({ hooks: () => ({ claim: () => 'the only one' }) })
  await ask(post(gadget('a')))
  await t.rejects(ask(post(unnamed('b-'))), {
    code: 409,
    reason: 'AlreadyExists',
    details: { name: 'a' },
    message: 'gadgets.check.example.com "b-bbbbb" already exists under the name "a"',
  })
  t.equal(admitted.length, 2)
})

t.test('what one holds whose time is over', async t => {
  let time = 0
  const claim = (object: UnknownObject, now: Date) =>
    now.getTime() < (object.spec!['size'] as number) ? 'the only one' : undefined
  const w = writing({ hooks: () => ({ claim }), clock: () => time })
  await w.ask(post(gadget('a', { size: 5 })))
  const taken = { code: 409, message: /under the name "a"/ }
  await t.rejects(w.ask(post(gadget('b', { size: 9 }))), taken)
  await t.rejects(w.ask(post(gadget('b', { size: 9 }), 'dryRun=All')), taken)
  time = 5
  const { resourceVersion } = w.stored('a')!.metadata
  t.match(await w.ask(post(gadget('b', { size: 9 }), 'dryRun=All')), { type: 'object', code: 201 })
  t.notOk(w.stored('b'))
  await w.ask(post(gadget('b', { size: 9 })))
  t.equal(w.stored('a')!.metadata.resourceVersion, resourceVersion, 'nobody sees it')
  await t.rejects(w.ask(post(gadget('c', { size: 9 }))), { code: 409, details: { name: 'b' } })
})

t.test('who stood in the way and is gone, again and again', async t => {
  const w = writing({ hooks: () => ({ claim: () => 'the only one' }) })
  const gone = () => Promise.reject(new ClaimTaken('the only one', 'gone'))
  w.store.interrupt(gone)
  t.match(await w.ask(post(gadget('a'))), { code: 201 })
  const always = () => {
    w.store.interrupt(always)
    return gone()
  }
  w.store.interrupt(always)
  await t.rejects(w.ask(post(gadget('b'))), { code: 409, details: { name: 'gone' } })
})

t.test('who applies is asked whether he may create', async t => {
  const refusal = new StatusError(403, 'Forbidden', 'no')
  const { ask } = writing({ authorizer: { authorize: () => Promise.reject(refusal) } })
  const apply = { method: 'PATCH', name: 'a', type: 'application/apply-patch+yaml' } as const
  await t.rejects(ask({ ...apply, query: 'fieldManager=me', body: gadget('a') }), { code: 403 })
})

t.test('what admission refuses is not stored', async t => {
  const refusal = new StatusError(403, 'Forbidden', 'no')
  const admission = {
    mutate: () => Promise.reject(refusal),
    validate: () => Promise.reject(refusal),
  }
  const { ask, store } = writing({ admission })
  await t.rejects(ask(post(gadget('a'))), { code: 403 })
  t.equal(store.changes.length, 0)
})

t.test('no more than a quota lets in', async t => {
  const limit = { quota: 'small', resource: 'count/x', limited: '1', most: 1 }
  const { ask, put, stored } = writing({ limitOf: () => limit })
  await ask(post(gadget('a'), 'dryRun=All'))
  await ask(post(gadget('a')))
  const full = {
    code: 403,
    reason: 'Forbidden',
    message:
      'gadgets.check.example.com "b" is forbidden: exceeded quota: small, requested: count/x=1, used: count/x=1, limited: count/x=1',
  }
  await t.rejects(ask(post(gadget('b'))), full)
  await t.rejects(ask(post(gadget('b'), 'dryRun=All')), full)
  t.notOk(stored('b'))
  await t.rejects(ask(post(gadget('a'))), { code: 403 }, 'before the name is looked at')
  await put('c')
  await ask({ method: 'PATCH', name: 'a', type: 'application/merge-patch+json', body: {} })
})
