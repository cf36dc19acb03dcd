import t from 'tap'
import { FedEvent, type FedRow } from '#src/apiserver/storage/fed-event.ts'
import { bodyOf, jsonOf } from '#src/apiserver/storage/wire.ts'
import { pullRequest, pullRequests } from '#test/support/stored.ts'

const body = bodyOf(pullRequest('a'))
const row = (
  type: 'ADDED' | 'MODIFIED',
  prior: string | null,
  before: string | null = null,
): FedRow => [
  '7', type, 'pullrequests', 'ns', 'a', 'u', '{"a":"b"}', '{".x":""}', body, prior, prior, before, '0.1',
] // prettier-ignore

t.test('an event is made once', async t => {
  const event = new FedEvent(row('MODIFIED', '{"c":"d"}'))
  const told = event.told(pullRequests)
  t.strictSame(told, {
    type: 'MODIFIED',
    entry: {
      namespace: 'ns',
      name: 'a',
      uid: 'u',
      resourceVersion: '7',
      json: jsonOf(pullRequests, '7', body),
    },
    labels: { a: 'b' },
    fields: { '.x': '' },
    previous: { labels: { c: 'd' }, fields: { c: 'd' } },
  })
  t.equal(event.told(pullRequests), told)
  t.equal(event.resource, 'pullrequests')
  t.ok(event.bytes > body.length)
})

t.test('what was there before has the version of the event', async t => {
  const before = bodyOf(pullRequest('a', { spec: { repository: 'app' } }))
  const { previous } = new FedEvent(row('MODIFIED', '{}', before)).told(pullRequests)
  t.equal(previous?.json, jsonOf(pullRequests, '7', before))
})

t.test('what is new has nothing before it', async t => {
  t.equal(new FedEvent(row('ADDED', null)).told(pullRequests).previous, undefined)
})
