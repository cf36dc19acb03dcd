import t from 'tap'
import type { Namespace } from '#src/api/core/v1.ts'
import { namespacesOf } from '#src/apiserver/admission/namespaces.ts'

const red = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'red' } }
const signal = new AbortController().signal

t.test('from the watch, and live on a miss', async t => {
  const get = async <T>(_: unknown, name: string) =>
    (name === 'new' ? { ...red, metadata: { name } } : undefined) as T | undefined
  const namespaces = namespacesOf({ get: name => (name === 'red' ? red : undefined) }, { get })
  t.equal(await namespaces.get('red', signal), red)
  t.match(await namespaces.get('new', signal), { metadata: { name: 'new' } })
  t.equal(await namespaces.get('none', signal), undefined)
})

t.test('500 where nobody can tell', async t => {
  const namespaces = namespacesOf(
    { get: (): Namespace | undefined => undefined },
    { get: () => Promise.reject(new Error('gone')) },
  )
  await t.rejects(namespaces.get('red', signal), {
    code: 500,
    message: 'Internal error occurred: gone',
  })
})
