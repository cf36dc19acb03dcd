import t from 'tap'
import {
  isDefinite,
  isNewer,
  normalised,
  reached,
  versionFault,
} from '#src/apiserver/read/resource-version.ts'
import { MemoryStorage, note } from '#test/support/activity-memory.ts'

t.test('is a number of 64 bits', async t => {
  for (const good of ['0', '1', '18446744073709551615', '0007'])
    t.equal(versionFault(good), undefined, good)
  t.equal(versionFault('abc'), 'strconv.ParseUint: parsing "abc": invalid syntax')
  t.equal(versionFault('-1'), 'strconv.ParseUint: parsing "-1": invalid syntax')
  for (const big of ['18446744073709551616', '9'.repeat(100)])
    t.equal(versionFault(big), `strconv.ParseUint: parsing "${big}": value out of range`)
})

t.test('stands for a moment, or for any', async t => {
  t.notOk(isDefinite(''))
  t.notOk(isDefinite('0'))
  t.ok(isDefinite('10'))
})

t.test('is older or younger than another', async t => {
  t.ok(isNewer('10', '9'))
  t.ok(isNewer('11', '10'))
  t.ok(isNewer('1', ''))
  for (const [one, other] of [
    ['9', '10'],
    ['10', '10'],
    ['', ''],
  ] as const)
    t.notOk(isNewer(one, other))
  t.equal(normalised('0018446744073709551615'), '18446744073709551615')
})

t.test('waits for what is just about to come', async () => {
  const storage = new MemoryStorage()
  const { signal } = new AbortController()
  await reached(storage, '100', signal)
  const soon = reached(storage, '101', signal)
  storage.put(note('n'))
  await soon
})

t.test('but not for ever', async t => {
  const storage = new MemoryStorage()
  await t.rejects(reached(storage, '999', new AbortController().signal), {
    code: 504,
    message: 'Timeout: Too large resource version: 999, current: 100',
    details: { retryAfterSeconds: 1, causes: [{ reason: 'ResourceVersionTooLarge' }] },
  })
  const over = new Error('over')
  await t.rejects(reached(storage, '999', AbortSignal.abort(over)), over)
})

t.test('a feed that has not begun is waited for', async t => {
  let asked = ''
  const feed = {
    position: '',
    subscribe: () => Promise.reject(new Error('unused')),
    reached: async (version: string) => void (asked = version),
  }
  await reached(feed, '5', new AbortController().signal)
  t.equal(asked, '5')
})
