import t from 'tap'
import { get } from '#src/apiserver/read/get.ts'
import { MemoryStorage, note } from '#test/support/activity-memory.ts'
import { activityRequest } from '#test/support/activity-request.ts'

const storage = new MemoryStorage()
const entry = storage.put(note('n'))
const ask = (query = '', name = 'n') =>
  get(storage, storage)(activityRequest('get', query, { name }))

t.test('gets the object', async t => {
  for (const query of ['', 'resourceVersion=0', 'resourceVersion=101', 'resourceVersion=5'])
    t.strictSame(await ask(query), { type: 'entry', code: 200, entry }, query)
})

t.test('there may be none', async t => {
  await t.rejects(ask('', 'other'), { code: 404, message: 'notes.test.example "other" not found' })
})

t.test('the version must be one, and one that is reached', async t => {
  await t.rejects(ask('resourceVersion=x'), {
    code: 400,
    message: 'invalid resource version: strconv.ParseUint: parsing "x": invalid syntax',
  })
  const soon = ask('resourceVersion=102')
  storage.tick()
  t.match(await soon, { entry })
  await t.rejects(ask('resourceVersion=999'), { code: 504, details: { retryAfterSeconds: 1 } })
})
