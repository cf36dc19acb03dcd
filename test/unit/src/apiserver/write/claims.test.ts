import t from 'tap'
import { lapsedHolder } from '#src/apiserver/write/claims.ts'
import { ClaimTaken } from '#src/apiserver/storage/store.ts'
import type { Hooks } from '#src/apiserver/write/hooks.ts'
import { requestOf } from '#test/support/apiserver/gadgets.ts'
import { writing } from '#test/support/apiserver/writing.ts'

const request = requestOf('n', { says: '', method: 'POST' }, '')
const { store, put } = writing()
await put('a')
const holder = (name: string, claim: Hooks['claim'] | undefined, time = 0) =>
  lapsedHolder(
    { store, hooks: () => claim && { claim }, clock: () => time },
    request,
    'b',
    new ClaimTaken('it', name),
  )

t.test('who holds it still is in the way', async t => {
  await t.rejects(
    holder('a', () => 'it'),
    {
      code: 409,
      reason: 'AlreadyExists',
      message: /"b" already exists under the name "a"/,
    },
  )
})

t.test('who holds it no more is not', async t => {
  t.match(await holder('a', (_, now) => (now.getTime() < 9 ? 'it' : undefined), 9), { name: 'a' })
  t.match(await holder('a', undefined), { name: 'a' })
  t.equal(await holder('gone', () => 'it'), undefined)
})
