import t from 'tap'
import { compiled } from '#src/apiserver/storage/database.ts'
import { batchOf, eventsAfter } from '#src/apiserver/storage/event-query.ts'

t.test('everything asked for is a parameter', async t => {
  t.strictSame(compiled(eventsAfter('5')).parameters, ['5'])
  const scope = { namespace: 'n', name: 'a' }
  const { parameters } = compiled(eventsAfter('5', 'issues', scope))
  t.strictSame(parameters, ['5', 'issues', 'n', 'a', 'issues'])
})

const stand = ['t', '1', '40', '49', '50']
const event = ['7', 'ADDED', 'r', 'n', 'a', 'u', '{}', '{}', '}', null, null, '0']

t.test('nothing has happened', async t => {
  t.strictSame(batchOf([[...stand, '0', ...event.map(() => null)]]), {
    timeline: 't',
    floor: '1',
    newest: '40',
    horizon: '49',
    next: '50',
    open: false,
    events: [],
    drained: true,
  })
})

t.test('something has, and there is more', async t => {
  const batch = batchOf([['t', '1', '40', '49', '60', '2', ...event]])
  t.strictSame(batch.events, [event])
  t.equal(batch.open, true)
  t.equal(batch.drained, false)
  t.equal(batchOf([[...stand, '1', ...event]]).drained, true)
  const many = Array.from({ length: 500 }, () => [...stand, '500', ...event])
  t.equal(batchOf(many).drained, false)
})
