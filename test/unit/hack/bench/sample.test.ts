import t from 'tap'
import { isJudged } from '#hack/bench/sample.ts'

const refused = { status: 422, body: 'Policy x failed: no' }
const passed = { status: 201, body: '{}' }

t.test('a setup that looks has to refuse, in its own words', async t => {
  const isRight = isJudged({ refusal: /Policy x failed/ })
  t.equal(isRight(refused), true)
  t.equal(isRight({ ...refused, body: 'Policy y failed' }), false)
  t.equal(isRight(passed), false)
})

t.test('one that does not look has to let it pass', async t => {
  const isRight = isJudged({ refusal: undefined })
  t.equal(isRight(passed), true)
  t.equal(isRight(refused), false)
})
