import t from 'tap'
import { ArtifactDownload } from '#src/api/activity/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { write } from '#test/fixtures-activity.ts'
import { decide, NAMESPACE_CONTROLLER } from '#webhooks/decide.ts'
import rule from '#webhooks/artifactdownload/record-stays.ts'
import { registry } from '#webhooks/registry.ts'

t.test('nobody takes it away', async t => {
  t.match(rule.decide(write('DELETE', ArtifactDownload)), [
    { rule: 'R213', field: 'metadata.name', value: 'app-1-4-0-1' },
  ])
})

t.test('but it goes with its namespace', async t => {
  const rules = registry({ 'a/a': rule }, {})
  const going = write('DELETE', ArtifactDownload, {}, { as: NAMESPACE_CONTROLLER })
  t.ok(decide(going, cluster(), rules).allowed)
})
