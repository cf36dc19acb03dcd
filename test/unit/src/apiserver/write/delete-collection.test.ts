import t from 'tap'
import { writing } from '#test/support/apiserver/writing.ts'
import { StatusError } from '#src/apiserver/status-error.ts'

const ALL = { method: 'DELETE' } as const

t.test('removes all of them, and shows what they were', async t => {
  const { ask, put, stored, admitted } = writing()
  await put('a', {}, { labels: { x: 'y' } })
  await put('b', {}, { finalizers: ['x.y/z'], labels: { x: 'y' } })
  await put('c')
  const answer = await ask({ ...ALL, query: 'labelSelector=x%3Dy' })
  t.match(answer, {
    type: 'list',
    entries: [{ name: 'a' }, { name: 'b' }],
    metadata: { resourceVersion: '103' },
  })
  t.notOk(stored('a'))
  t.ok(stored('b')?.metadata.deletionTimestamp)
  t.ok(stored('c'))
  t.match(admitted, [{ operation: 'DELETE', name: '' }, { oldObject: { metadata: { name: 'b' } } }])
})

t.test('in pages, and of all namespaces', async t => {
  const { ask, put, stored, store } = writing()
  for (let i = 0; i < 501; i += 1) await put(`a${String(i).padStart(3, '0')}`)
  t.match(await ask({ ...ALL, query: 'dryRun=All' }), { metadata: { resourceVersion: '601' } })
  t.equal(store.entries.size, 501)
  const answer = await ask(ALL, { namespace: '' })
  t.equal(answer.type === 'list' && answer.entries.length, 501)
  t.notOk(stored('a500'))
})

t.test('a page at a time where that is asked', async t => {
  const token = ({ name }: { readonly name: string }): string => `after ${name}`
  for (const continueAfter of [token, undefined]) {
    const selection = () => ({ limit: 1, ...(continueAfter && { continueAfter }) })
    const { ask, put, stored } = writing({ selection })
    await put('a')
    await put('b')
    const answer = await ask(ALL)
    t.match(answer, { entries: [{ name: 'a' }] })
    t.equal(answer.type === 'list' && answer.metadata.continue, continueAfter && 'after a')
    t.ok(stored('b'))
    t.match(await ask(ALL), { metadata: { continue: undefined } })
  }
})

t.test('stops where one is refused, and not where one went by itself', async t => {
  const admission = {
    mutate: () => Promise.reject(new Error('nothing to mutate')),
    validate: ({ oldObject }: { oldObject?: { metadata: { name: string } } | undefined }) =>
      oldObject?.metadata.name === 'b'
        ? Promise.reject(new StatusError(403, 'Forbidden', 'no'))
        : Promise.resolve(),
  }
  const { ask, put, stored, store } = writing({ admission })
  for (const name of ['a', 'b', 'c']) await put(name)
  store.interrupt(() => ask({ ...ALL, name: 'a' }))
  await t.rejects(ask(ALL), { code: 403 })
  t.notOk(stored('a'))
  t.ok(stored('c'))
})
