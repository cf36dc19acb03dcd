import t from 'tap'
import { watchEvent } from '#src/apiserver/read/watch-event.ts'
import { parseFieldSelector } from '#src/apiserver/read/field-selector.ts'
import type { EventType, StoredEvent } from '#src/apiserver/storage/store.ts'

const entry = { namespace: 'a', name: 'n', uid: 'u', resourceVersion: '5', json: '{}' }
const red = { labels: {}, fields: { '.spec.colour': 'red' } }
const blue = { labels: {}, fields: { '.spec.colour': 'blue' } }
const event = (type: EventType, now: typeof red, previous?: typeof red): StoredEvent => ({
  type,
  entry,
  ...now,
  previous,
})

t.test('whoever selects nothing sees everything', async t => {
  const all = { labels: [], fields: [] }
  t.strictSame(watchEvent(event('ADDED', red), all), { type: 'ADDED', before: false })
  t.strictSame(watchEvent(event('MODIFIED', red, blue), all), { type: 'MODIFIED', before: false })
  t.strictSame(watchEvent(event('DELETED', red, red), all), { type: 'DELETED', before: false })
})

t.test('objects come and go with what they are selected by', async t => {
  const selectors = { labels: [], fields: parseFieldSelector('spec.colour=red') }
  const cases: [string, StoredEvent, object | undefined][] = [
    ['created within', event('ADDED', red), { type: 'ADDED', before: false }],
    ['created without', event('ADDED', blue), undefined],
    ['comes in', event('MODIFIED', red, blue), { type: 'ADDED', before: false }],
    ['stays in', event('MODIFIED', red, red), { type: 'MODIFIED', before: false }],
    ['goes out', event('MODIFIED', blue, red), { type: 'DELETED', before: true }],
    ['stays out', event('MODIFIED', blue, blue), undefined],
    ['is deleted within', event('DELETED', red, red), { type: 'DELETED', before: false }],
    ['is deleted without', event('DELETED', blue, blue), undefined],
  ]
  for (const [name, stored, want] of cases) t.strictSame(watchEvent(stored, selectors), want, name)
})
