import t from 'tap'
import { checkNamesake } from '#src/apiserver/write/namesakes.ts'
import { requestOf } from '#test/support/apiserver/gadgets.ts'
import { note, MemoryStorage, testResource } from '#test/support/activity-memory.ts'

const request = requestOf('a', { says: '', method: 'POST' }, '')
const notes = testResource()
const store = new MemoryStorage()
const namedBy = { kind: notes.kind, field: 'spec.colour' }
const check = (name: string, isServed = true, isNamed = true) =>
  checkNamesake(
    {
      store,
      hooks: () => (isNamed ? { namedBy } : undefined),
      served: () => (isServed ? notes : undefined),
    },
    request,
    name,
  )
store.put(note('of-red'))
store.put(note('of-blue', { colour: 'blue', namespace: 'b' }))

t.test('a name that something is left of is not given again', async t => {
  await t.rejects(check('red'), {
    code: 403,
    reason: 'Forbidden',
    message:
      'gadgets.check.example.com "red" is forbidden: metadata.name: "red" is what another Gadget was called, and notes.test.example "of-red" is about that one; use another name',
  })
})

t.test('any other is', async t => {
  await check('blue')
  await check('red', false)
  await check('red', true, false)
  store.remove('a', 'of-red')
  await check('red')
  t.pass('none of them is refused')
})
