import t from 'tap'
import { ExternalWriteIntent, PullRequest, Review } from '#src/api/activity/v1alpha1.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { request, team } from '#test/fixtures.ts'
import { controller, write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/activity-author/author-is-the-requester.ts'

t.test('takes who writes it', async t => {
  for (const author of ['jane', undefined])
    t.strictSame(rule.decide(write('CREATE', Review, { 'spec.author': author })), [])
  t.strictSame(rule.decide(request('CREATE', Team, team())), [])
})

t.test('refuses another name, under the number of the kind', async t => {
  t.match(rule.decide(write('CREATE', PullRequest, { 'spec.author': 'joe' })), [
    { rule: 'R77', field: 'spec.author', value: 'joe', problem: /"jane"/ },
  ])
  t.match(rule.decide(write('CREATE', ExternalWriteIntent, { 'spec.requestedBy': 'joe' })), [
    { rule: 'R88', field: 'spec.requestedBy' },
  ])
})

t.test('takes what controllers bring from a provider', async t => {
  const as = controller('external-controller')
  t.strictSame(rule.decide(write('CREATE', Review, { 'spec.author': 'joe' }, { as })), [])
})
