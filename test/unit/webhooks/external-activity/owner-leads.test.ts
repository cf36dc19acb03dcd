import t from 'tap'
import { Issue, Pipeline, Review } from '#src/api/activity/v1alpha1.ts'
import { ExternalBackendBinding } from '#src/api/external-backends/v1alpha1.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { cluster, request, team } from '#test/fixtures.ts'
import { controller, example, write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/external-activity/owner-leads.ts'

const external = { providerRef: 'github', bindingRef: 'github-app' }
const binding = (change = {}) => cluster(example(ExternalBackendBinding, change))
const judged = (kind: Kind, change: object = {}, world = binding(), as = 'jane') =>
  rule.decide(write('CREATE', kind, { 'spec.external': external, ...change }, { as }), world)

t.test('what the provider owns is changed there', async t => {
  t.match(judged(Pipeline), [
    { rule: 'R174', field: 'spec', problem: /provider "github".*"github-app"/, fix: /WriteIntent/ },
  ])
  t.match(rule.lookups(write('CREATE', Pipeline, { 'spec.external': external })), [
    { kind: ExternalBackendBinding, name: 'github-app', fresh: 'on-miss' },
  ])
})

t.test('others may be changed here', async t => {
  t.strictSame(judged(Issue), [], 'bidirectional')
  t.strictSame(judged(Review), [], 'bidirectional')
  t.strictSame(judged(Pipeline, {}, binding({ 'spec.interfaces.cicd.enabled': false })), [])
  t.strictSame(judged(Pipeline, {}, cluster()), [], 'nobody knows the binding')
  t.strictSame(judged(Pipeline, { 'spec.external': undefined }), [])
  t.strictSame(rule.lookups(write('CREATE', Pipeline)), [])
  t.strictSame(rule.decide(request('CREATE', Team, team()), binding()), [])
})

t.test('a kind may have a mode of its own', async t => {
  const resourceModes = [{ kind: 'Issue', mode: 'external-owned' }]
  const own = binding({ 'spec.interfaces.issueTracking': { mode: 'mirror', resourceModes } })
  t.match(judged(Issue, {}, own), [{ rule: 'R174' }])
})

t.test('the controller brings what happened there', async t => {
  t.strictSame(judged(Pipeline, {}, binding(), controller('external-controller')), [])
})

t.test("it stays the provider's, whatever the object says now", async t => {
  const before = { 'spec.external': external }
  const taken = write('UPDATE', Pipeline, {}, { before })
  t.match(rule.decide(taken, binding()), [{ rule: 'R174' }])
  const labelled = write(
    'UPDATE',
    Pipeline,
    { ...before, 'metadata.labels': { a: 'b' } },
    { before },
  )
  t.strictSame(rule.decide(labelled, binding()), [])
})
