import t from 'tap'
import { ExternalSyncEvent, ExternalWebhookDelivery } from '#src/api/activity/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { write } from '#test/fixtures-activity.ts'
import mutation from '#webhooks/external-activity/required-is-derived.ts'

const digest = `sha256:${'0'.repeat(64)}`

t.test('a payload follows from its place in object storage', async t => {
  const change = { 'spec.payload': undefined, 'spec.payloadRef': { digest } }
  const filled = mutation.apply(write('CREATE', ExternalWebhookDelivery, change), cluster())
  t.match(filled.spec, { payload: { digest } })
})

t.test('an object follows from its kind and id', async t => {
  const event = (change: object) =>
    mutation.apply(
      write('CREATE', ExternalSyncEvent, { 'spec.resourceRef': undefined, ...change }),
      cluster(),
    ).spec!['resourceRef']
  t.strictSame(event({ 'spec.resourceKind': 'Issue', 'spec.nativeId': '1' }), {
    kind: 'Issue',
    nativeId: '1',
  })
  t.strictSame(event({ 'spec.resourceKind': 'Issue' }), { kind: 'Issue' })
  t.equal(event({}), undefined)
})

t.test('leaves alone what is there, or follows from nothing', async t => {
  for (const each of [
    write('CREATE', ExternalWebhookDelivery),
    write('CREATE', ExternalWebhookDelivery, { 'spec.payload': undefined }),
    write('CREATE', ExternalSyncEvent, { 'spec.resourceKind': 'Job' }),
  ])
    t.equal(mutation.apply(each, cluster()), each.object)
})
