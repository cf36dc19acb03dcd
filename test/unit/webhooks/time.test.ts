import t from 'tap'
import { second } from '#webhooks/time.ts'

t.test('a time is written to the second', async t => {
  t.equal(second(new Date('2026-11-21T12:00:00.987Z')), '2026-11-21T12:00:00Z')
})
