import t from 'tap'
import { ArtifactVersion } from '#src/api/activity/v1alpha1.ts'
import { ArtifactFeed, ArtifactRegistry } from '#src/api/artifacts/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { example, write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/artifactversion/type-is-the-feeds.ts'

const world = cluster(example(ArtifactFeed), example(ArtifactRegistry))

t.test('takes packages of the type of the registry', async t => {
  t.strictSame(rule.decide(write('CREATE', ArtifactVersion), world), [])
  t.match(rule.lookups(write('CREATE', ArtifactVersion)), [
    { kind: ArtifactFeed, name: 'releases' },
  ])
})

t.test('refuses others', async t => {
  t.match(rule.decide(write('CREATE', ArtifactVersion, { 'spec.packageType': 'pip' }), world), [
    { rule: 'R212', field: 'spec.packageType', value: 'pip', fix: /write "npm"/ },
  ])
})

t.test('leaves what is not there to others', async t => {
  t.strictSame(rule.decide(write('CREATE', ArtifactVersion), cluster()), [])
  t.strictSame(rule.decide(write('CREATE', ArtifactVersion), cluster(example(ArtifactFeed))), [])
  const none = write('CREATE', ArtifactVersion, { 'spec.feedRef': undefined })
  t.strictSame(rule.lookups(none), [])
  t.strictSame(rule.decide(none, world), [])
})
