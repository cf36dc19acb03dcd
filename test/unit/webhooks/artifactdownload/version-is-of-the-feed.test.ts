import t from 'tap'
import { ArtifactDownload, ArtifactVersion } from '#src/api/activity/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { example, write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/artifactdownload/version-is-of-the-feed.ts'

const world = cluster(example(ArtifactVersion))

t.test('takes a version of the feed alone', async t => {
  t.strictSame(rule.decide(write('CREATE', ArtifactDownload), world), [])
  t.match(rule.decide(write('CREATE', ArtifactDownload, { 'spec.feedRef': 'x' }), world), [
    { rule: 'R212', field: 'spec.versionRef', value: 'app-1-4-0', problem: /feed "releases"/ },
  ])
  t.match(rule.lookups(write('CREATE', ArtifactDownload)), [
    { kind: ArtifactVersion, name: 'app-1-4-0', fresh: 'live' },
  ])
})

t.test('leaves what is not there to references-exist', async t => {
  t.strictSame(rule.decide(write('CREATE', ArtifactDownload), cluster()), [])
  const none = write('CREATE', ArtifactDownload, { 'spec.versionRef': undefined })
  t.strictSame(rule.lookups(none), [])
  t.strictSame(rule.decide(none, world), [])
})
