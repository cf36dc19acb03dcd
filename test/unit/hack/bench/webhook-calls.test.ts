import t from 'tap'
import { callsBetween, webhookCalls } from '#hack/bench/webhook-calls.ts'

const metrics = (validated: number) => `
# HELP apiserver_admission_webhook_request_total Admission webhook request total
# TYPE apiserver_admission_webhook_request_total counter
apiserver_admission_webhook_request_total{code="200",name="mutate.example.com",operation="CREATE",rejected="false",type="admit"} 2
apiserver_admission_webhook_request_total{code="200",name="validate.example.com",operation="CREATE",rejected="false",type="validating"} ${validated}
apiserver_admission_webhook_request_total{code="403",name="validate.example.com",operation="CREATE",rejected="true",type="validating"} 1
apiserver_admission_webhook_fail_open_count{name="validate.example.com",type="validating"} 9
`

t.test('calls are added up by webhook, refusals too', async t => {
  t.strictSame(
    [...webhookCalls(metrics(4))],
    [
      ['mutate.example.com', 2],
      ['validate.example.com', 5],
    ],
  )
})

t.test('only what was called in between is told', async t => {
  const before = webhookCalls(metrics(4))
  t.strictSame([...callsBetween(before, webhookCalls(metrics(7)))], [['validate.example.com', 3]])
  t.equal(callsBetween(before, before).size, 0)
})

t.test('a webhook that is called for the first time counts from nothing', async t => {
  t.strictSame(callsBetween(new Map(), webhookCalls(metrics(0))).get('validate.example.com'), 1)
})
