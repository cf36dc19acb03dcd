import t from 'tap'
import { FedEvent } from '#src/apiserver/storage/fed-event.ts'
import { Ring } from '#src/apiserver/storage/ring.ts'

const event = (version: number) =>
  new FedEvent([
    String(version),
    'ADDED',
    'r',
    'n',
    'a',
    'u',
    '{}',
    '{}',
    '}',
    null,
    null,
    null,
    '0',
  ])

const { bytes } = event(10)
const versions = (ring: Ring, after: string) =>
  ring.after(after).map(({ resourceVersion }) => resourceVersion)

t.test('what fits is there', async t => {
  const ring = new Ring('5', 3 * bytes)
  t.strictSame([ring.start, ring.size, ring.bytes, versions(ring, '5')], ['5', 0, 0, []])
  for (const version of [10, 11, 12]) ring.push(event(version))
  t.strictSame(versions(ring, '5'), ['10', '11', '12'])
  t.strictSame(versions(ring, '11'), ['12'])
  t.strictSame(versions(ring, '99'), [])
  t.equal(ring.start, '5')
  ring.push(event(13))
  t.equal(ring.start, '10')
  t.strictSame(versions(ring, '10'), ['11', '12', '13'])
  t.equal(ring.bytes, 3 * bytes)
})

t.test('it goes on for as long as one likes', async t => {
  const ring = new Ring('5', 3 * bytes)
  for (let version = 10; version < 60; version++) {
    ring.push(event(version))
    t.ok(ring.size <= 3)
    t.equal(ring.after(ring.start).length, ring.size)
  }
  t.strictSame(versions(ring, '57'), ['58', '59'])
})

t.test('one event is kept, however large', async t => {
  const ring = new Ring('5', 1)
  ring.push(event(10))
  ring.push(event(11))
  t.strictSame([ring.start, versions(ring, '10')], ['10', ['11']])
})
