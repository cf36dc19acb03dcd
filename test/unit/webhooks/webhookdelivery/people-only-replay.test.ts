import t from 'tap'
import { WebhookDelivery } from '#src/api/activity/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { cluster } from '#test/fixtures.ts'
import { controller, example, write } from '#test/fixtures-activity.ts'
import { accessOf } from '#webhooks/access.ts'
import rule from '#webhooks/webhookdelivery/people-only-replay.ts'
import type { Request } from '#webhooks/rule.ts'

const first = cluster(example(WebhookDelivery))
const again = (change = {}) =>
  write('CREATE', WebhookDelivery, {
    'metadata.name': 'again',
    'spec.replayOf': 'chat-run-completed-1',
    ...change,
  })

/** What it decides where every right that it asks about is held, or none. */
const judged = (request: Request, world: Cluster, isHeld = false) =>
  rule.decide(request, world, accessOf(rule.reviews(request).map(review => [review, isHeld])))

t.test('takes one that is sent again, as it was', async t => {
  t.strictSame(judged(again(), first), [])
  t.match(rule.lookups(again()), [{ kind: WebhookDelivery, name: 'chat-run-completed-1' }])
  t.strictSame(judged(again(), cluster()), [], 'one of nothing is for references-exist')
})

t.test('refuses other words', async t => {
  t.match(judged(again({ 'spec.eventType': 'RUN_FAILED' }), first), [
    { rule: 'R207', field: 'spec.eventType', value: 'RUN_FAILED' },
  ])
  t.match(judged(again({ 'spec.request.body': 'Pay me.' }), first), [{ field: 'spec.request' }])
})

t.test('only Kradle tells what happened', async t => {
  t.match(judged(write('CREATE', WebhookDelivery), first), [
    { rule: 'R207', field: 'spec.replayOf', problem: /by hand/ },
  ])
  t.strictSame(rule.lookups(write('CREATE', WebhookDelivery)), [])
  t.match(rule.reviews(write('CREATE', WebhookDelivery)), [
    { verb: 'deliver', resource: 'webhooksubscriptions', name: 'chat' },
  ])
  t.strictSame(judged(write('CREATE', WebhookDelivery), first, true), [])
  const as = controller('hooks-controller')
  t.strictSame(judged(write('CREATE', WebhookDelivery, {}, { as }), first), [])
})
