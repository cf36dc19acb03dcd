import t from 'tap'
import { WebhookDelivery } from '#src/api/activity/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { controller, example, write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/webhookdelivery/people-only-replay.ts'

const first = cluster(example(WebhookDelivery))
const again = (change = {}) =>
  write('CREATE', WebhookDelivery, {
    'metadata.name': 'again',
    'spec.replayOf': 'chat-run-completed-1',
    ...change,
  })

t.test('takes one that is sent again, as it was', async t => {
  t.strictSame(rule.decide(again(), first), [])
  t.match(rule.lookups(again()), [{ kind: WebhookDelivery, name: 'chat-run-completed-1' }])
  t.strictSame(rule.decide(again(), cluster()), [], 'one of nothing is for references-exist')
})

t.test('refuses other words', async t => {
  t.match(rule.decide(again({ 'spec.eventType': 'RUN_FAILED' }), first), [
    { rule: 'R207', field: 'spec.eventType', value: 'RUN_FAILED' },
  ])
  t.match(rule.decide(again({ 'spec.request.body': 'Pay me.' }), first), [
    { field: 'spec.request' },
  ])
})

t.test('only Kradle tells what happened', async t => {
  t.match(rule.decide(write('CREATE', WebhookDelivery), first), [
    { rule: 'R207', field: 'spec.replayOf', problem: /by hand/ },
  ])
  t.strictSame(rule.lookups(write('CREATE', WebhookDelivery)), [])
  const as = controller('hooks-controller')
  t.strictSame(rule.decide(write('CREATE', WebhookDelivery, {}, { as }), first), [])
})
