import t from 'tap'
import { objectOf, writing } from '#test/support/apiserver/writing.ts'

t.test('puts one object in the place of another', async t => {
  const { ask, put, stored, warnings } = writing()
  await put('a')
  const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }
  const { metadata, ...now } = stored('a')!
  const body = {
    ...now,
    metadata: { ...metadata, ownerReferences: [owner, owner] },
    spec: { title: 'b' },
  }
  const answer = await ask({ method: 'PUT', name: 'a', body })
  t.match(answer, { type: 'entry', code: 200 })
  t.match(objectOf(answer), {
    metadata: { generation: 2, ownerReferences: [owner] },
    spec: { title: 'b', size: 1 },
  })
  t.match(warnings, [/duplicate entries;/])
  await t.rejects(ask({ method: 'PUT', name: 'b', body }), {
    code: 400,
    message: /does not match the name on the URL/,
  })
})
