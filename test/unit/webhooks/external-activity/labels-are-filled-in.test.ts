import t from 'tap'
import { ExternalWebhookDelivery } from '#src/api/activity/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { write } from '#test/fixtures-activity.ts'
import mutation from '#webhooks/external-activity/labels-are-filled-in.ts'

const labels = {
  'kradle.a5c.ai/provider': 'github',
  'kradle.a5c.ai/interface': 'issueTracking',
  'kradle.a5c.ai/repository': 'app',
  'kradle.a5c.ai/external-owner': 'acme',
}

t.test('labels it by what it says, and keeps other labels', async t => {
  const own = { tier: 'gold', 'kradle.a5c.ai/provider': 'gitlab' }
  const filled = mutation.apply(
    write('CREATE', ExternalWebhookDelivery, { 'metadata.labels': own }),
    cluster(),
  )
  t.strictSame(filled.metadata.labels, { ...labels, ...own })
})

t.test('leaves alone what has them', async t => {
  const complete = write('CREATE', ExternalWebhookDelivery, { 'metadata.labels': labels })
  t.equal(mutation.apply(complete, cluster()), complete.object)
})
