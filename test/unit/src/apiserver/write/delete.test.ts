import t from 'tap'
import { NOW, objectOf, writing } from '#test/support/apiserver/writing.ts'

const remove = (query = '', body?: unknown) =>
  ({ method: 'DELETE', name: 'a', query, body }) as const

t.test('removes', async t => {
  const { ask, put, stored, store, admitted } = writing()
  await put('a')
  const gone = {
    type: 'status',
    code: 200,
    status: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'a', group: 'check.example.com', kind: 'gadgets', uid: 'u' },
    },
  }
  t.strictSame(await ask(remove('dryRun=All')), gone)
  t.ok(stored('a'))
  t.strictSame(await ask(remove()), gone)
  t.notOk(stored('a'))
  t.match(store.changes.at(-1), { type: 'delete', expected: '101' })
  t.match(admitted, [
    { operation: 'DELETE', name: 'a', object: undefined, dryRun: true },
    { oldObject: { metadata: { uid: 'u' } }, dryRun: false, options: { kind: 'DeleteOptions' } },
  ])
  await t.rejects(ask(remove()), { code: 404 })
})

t.test('insists on what it was told', async t => {
  const { ask, put } = writing()
  await put('a')
  await t.rejects(ask(remove('uid=mine')), {
    code: 409,
    details: { kind: 'Gadget' },
    message:
      'Operation cannot be fulfilled on Gadget.check.example.com "a": the UID in the precondition (mine) does not match the UID in record (u). The object might have been deleted and then recreated',
  })
  await t.rejects(ask(remove('resourceVersion=1')), {
    code: 409,
    message: /ResourceVersion in record \(101\)\. The object might have been modified$/,
  })
  t.match(await ask(remove('', { preconditions: { uid: 'u', resourceVersion: '101' } })), {
    type: 'status',
  })
})

t.test('what is held is marked, once', async t => {
  const { ask, put, stored, store } = writing()
  await put('a', {}, { finalizers: ['x.y/z'] })
  const dry = await ask(remove('dryRun=All'))
  t.match(dry, { type: 'object', code: 200 })
  t.equal(store.changes.length, 1)
  t.match(objectOf(await ask(remove())).metadata, {
    generation: 2,
    deletionTimestamp: NOW,
    deletionGracePeriodSeconds: 0,
    finalizers: ['x.y/z'],
  })
  t.match(await ask(remove('orphanDependents=false')), { type: 'entry', code: 202 })
  t.equal(store.changes.length, 2)
  await ask(remove('propagationPolicy=Foreground'))
  t.strictSame(stored('a')?.metadata.finalizers, ['x.y/z', 'foregroundDeletion'])
  t.equal(stored('a')?.metadata.generation, 2)
})

t.test('the garbage collector holds it where it is asked to', async t => {
  const held: Readonly<Record<string, [before: string[], after: string[] | undefined]>> = {
    'propagationPolicy=Orphan': [[], ['orphan']],
    'propagationPolicy=Foreground': [['orphan'], ['foregroundDeletion']],
    'propagationPolicy=Background': [['orphan'], undefined],
    'orphanDependents=true': [['foregroundDeletion'], ['orphan']],
    'orphanDependents=false': [['foregroundDeletion'], undefined],
    '': [['orphan'], ['orphan']],
  }
  for (const [query, [before, after]] of Object.entries(held)) {
    const { ask, put, stored } = writing()
    const metadata = before.length > 0 ? { finalizers: before, generation: undefined } : {}
    await put('a', {}, metadata)
    await ask(remove(query))
    t.strictSame(stored('a')?.metadata.finalizers, after, query)
  }
})

t.test('whoever loses tries again', async t => {
  const merge = { method: 'PATCH', name: 'a', type: 'application/merge-patch+json' } as const
  const { ask, put, store, stored } = writing()
  await put('a')
  store.interrupt(() => ask({ ...merge, body: { spec: { size: 2 } } }))
  await ask(remove())
  t.notOk(stored('a'))
  await put('a')
  store.interrupt(() => ask(remove()))
  await t.rejects(ask(remove()), { code: 404 })
  await put('a')
  let size = 10
  const always = (): void =>
    store.interrupt(async () => {
      await ask({ ...merge, body: { spec: { size: (size += 1) } } })
      always()
    })
  always()
  await t.rejects(ask(remove()), { code: 409, reason: 'Conflict' })
  store.interrupt(() => Promise.reject(new TypeError('oops')))
  await t.rejects(ask(remove()), { name: 'TypeError' })
})

t.test('what is held goes on holding', async t => {
  const { ask, put, store } = writing({ hooks: () => ({ claim: () => 'it' }) })
  await put('a', {}, { finalizers: ['x.y/z'] })
  await ask(remove())
  t.match(store.changes.at(-1), { type: 'update', claim: 'it' })
})
