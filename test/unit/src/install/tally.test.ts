import t from 'tap'
import { Pod, Secret } from '#src/api/core/v1.ts'
import { Tally } from '#src/install/tally.ts'

t.test('counts by resource, and leaves out what is not there', async t => {
  const tally = new Tally()
  tally.add(Pod)
  tally.add(Pod, 2)
  tally.add(Secret, 0)
  t.strictSame(tally.counts, { pods: 3 })
})
