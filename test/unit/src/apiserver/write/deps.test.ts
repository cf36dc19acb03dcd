import t from 'tap'
import { timeOf } from '#src/apiserver/write/deps.ts'

t.test('whole seconds', async t => {
  t.equal(timeOf(1_800_000_000_999), '2027-01-15T08:00:00Z')
})
