import t from 'tap'
import { ArtifactVersion } from '#src/api/activity/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { write } from '#test/fixtures-activity.ts'
import mutation from '#webhooks/artifactversion/time-is-filled-in.ts'

t.test('is the time of the request, and stays it', async t => {
  const bare = { 'spec.publishedAt': undefined }
  const created = mutation.apply(write('CREATE', ArtifactVersion, bare), cluster())
  t.match(created.spec, { publishedAt: '2026-11-21T12:00:00Z' })
  const before = { 'spec.publishedAt': '2026-01-01T00:00:00Z' }
  const updated = mutation.apply(write('UPDATE', ArtifactVersion, bare, { before }), cluster())
  t.match(updated.spec, { publishedAt: '2026-01-01T00:00:00Z' })
  const given = write('CREATE', ArtifactVersion, before)
  t.equal(mutation.apply(given, cluster()), given.object)
})
