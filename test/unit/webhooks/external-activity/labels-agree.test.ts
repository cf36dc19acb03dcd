import t from 'tap'
import { ExternalSyncEvent } from '#src/api/activity/v1alpha1.ts'
import { write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/external-activity/labels-agree.ts'

const labelled = (provider?: string) =>
  write('CREATE', ExternalSyncEvent, {
    'metadata.labels': provider && { 'kradle.a5c.ai/provider': provider },
  })

t.test('takes labels that say the same, or nothing', async t => {
  t.strictSame(rule.decide(labelled()), [])
  t.strictSame(rule.decide(labelled('github')), [])
})

t.test('refuses a label that says something else', async t => {
  t.match(rule.decide(labelled('gitlab')), [
    { rule: 'R184', field: 'metadata.labels[kradle.a5c.ai/provider]', value: 'gitlab' },
  ])
})
