import t from 'tap'
import { REVIEW_WATCHES } from '#src/apiserver/reviews/kinds.ts'
import { called } from '#webhooks/registry.ts'

t.test('nothing of activity is watched, and nothing twice', async t => {
  t.ok(REVIEW_WATCHES.every(called))
  t.equal(new Set(REVIEW_WATCHES.map(({ plural }) => plural)).size, REVIEW_WATCHES.length)
})
