import t from 'tap'
import { WebhookDelivery } from '#src/api/activity/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import { example, namespace, write } from '#test/fixtures-activity.ts'
import mutation from '#webhooks/webhookdelivery/replay-is-filled-in.ts'

const replay = request(
  'CREATE',
  WebhookDelivery,
  objectOf(WebhookDelivery, {
    metadata: { name: 'again', namespace },
    spec: { replayOf: 'chat-run-completed-1' },
  } as never),
)
const first = (change = {}) => example(WebhookDelivery, change)

t.test('is what the first was, but for the signature', async t => {
  const signed = first({ 'spec.signature.value': 'abc' })
  const { spec } = signed as WebhookDelivery
  t.strictSame(mutation.apply(replay, cluster(signed)).spec, {
    ...spec,
    signature: { algorithm: 'hmac-sha256' },
    replayOf: 'chat-run-completed-1',
  })
  t.match(mutation.lookups!(replay), [
    { kind: WebhookDelivery, name: 'chat-run-completed-1', fresh: 'live' },
  ])
})

t.test('has no more than the first had', async t => {
  const bare = first({
    'spec.eventId': undefined,
    'spec.subject': undefined,
    'spec.request': undefined,
  })
  t.strictSame(Object.keys(mutation.apply(replay, cluster(bare)).spec!).toSorted(), [
    'eventType',
    'replayOf',
    'signature',
    'subscription',
  ])
})

t.test('leaves alone what is complete, or of nothing', async t => {
  t.equal(mutation.apply(replay, cluster()), replay.object)
  const complete = write('CREATE', WebhookDelivery, { 'spec.replayOf': 'chat-run-completed-1' })
  t.equal(mutation.apply(complete, cluster(first())), complete.object)
  const plain = write('CREATE', WebhookDelivery)
  t.strictSame(mutation.lookups!(plain), [])
  t.equal(mutation.apply(plain, cluster()), plain.object)
})
