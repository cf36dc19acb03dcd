import t from 'tap'
import { accountIn, cached, callsPerReview } from '#hack/bench/webhook-account.ts'

const metrics = (gets: number, reviews: number) => `
kradle_api_requests_total{verb="watch",resource="pods",code="200"} 40
kradle_api_requests_total{verb="list",resource="pods",code="200"} 9
kradle_api_requests_total{verb="get",resource="secrets",code="200"} ${gets}
kradle_api_requests_total{verb="post",resource="",code="201"} 1
kradle_admission_requests_total{webhook="validate",resource="pods.",operation="CREATE",result="allowed"} ${reviews}
kradle_admission_requests_total{webhook="validate",resource="pods.",operation="CREATE",result="denied"} 2
kradle_cache_objects{resource="agentsecretgrants.kradle.a5c.ai"} 400
kradle_cache_objects{resource="agentstacks.kradle.a5c.ai"} 3
`

t.test('calls are all requests but those that keep the caches', async t => {
  t.strictSame(accountIn(metrics(5, 10)), { reviews: 12, calls: 6 })
})

t.test('what one review took is told of the time in between', async t => {
  const [before, after] = [accountIn(metrics(5, 10)), accountIn(metrics(7, 14))]
  t.equal(callsPerReview(before, after), 0.5)
  t.equal(callsPerReview(before, accountIn(metrics(5, 14))), 0)
  t.ok(Number.isNaN(callsPerReview(before, before)), 'no review, no verdict')
})

t.test('the cache of one kind is counted alone', async t => {
  t.equal(cached('agentsecretgrants.kradle.a5c.ai', metrics(0, 0)), 400)
  t.equal(cached('secrets', metrics(0, 0)), 0)
})
