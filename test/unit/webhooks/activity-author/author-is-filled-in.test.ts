import t from 'tap'
import { ArtifactVersion, Issue, Review } from '#src/api/activity/v1alpha1.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { cluster, request, team } from '#test/fixtures.ts'
import { write } from '#test/fixtures-activity.ts'
import mutation from '#webhooks/activity-author/author-is-filled-in.ts'

t.test('writes who makes it, once', async t => {
  const filled = mutation.apply(write('CREATE', Issue, {}, { as: 'joe' }), cluster())
  t.match(filled.spec, { author: 'joe' })
  const published = write('CREATE', ArtifactVersion, { 'spec.publishedBy': undefined })
  t.match(mutation.apply(published, cluster()).spec, { publishedBy: 'jane' })
  const complete = write('CREATE', Review, { 'spec.author': 'joe' })
  t.equal(mutation.apply(complete, cluster()), complete.object)
})

t.test('an update that leaves it out means no other one', async t => {
  const change = (before: object) =>
    mutation.apply(write('UPDATE', Issue, {}, { as: 'joe', before: before as never }), cluster())
  t.match(change({ 'spec.author': 'jane' }).spec, { author: 'jane' })
  t.notOk('author' in change({}).spec!)
})

t.test('has nothing to do with other kinds', async t => {
  const other = request('CREATE', Team, team())
  t.equal(mutation.apply(other, cluster()), other.object)
})
