import t from 'tap'
import { ArtifactVersion } from '#src/api/activity/v1alpha1.ts'
import { ArtifactAccessPolicy, ArtifactFeed } from '#src/api/artifacts/v1alpha1.ts'
import { IdentityMapping, Team } from '#src/api/identity/v1alpha1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { cluster, objectOf } from '#test/fixtures.ts'
import { controller, example, namespace, write } from '#test/fixtures-activity.ts'
import { accessOf } from '#webhooks/access.ts'
import rule from '#webhooks/artifactversion/publisher-may-write.ts'
import type { Request } from '#webhooks/rule.ts'

const jane = objectOf(IdentityMapping, {
  metadata: { name: 'jane', namespace },
  spec: { organizationRef: 'acme', user: 'jane', provider: 'kubernetes', subject: 'jane' },
})
const team = (change = {}) => example(Team, { 'metadata.name': 'core', ...change })
const feed = (accessPolicies?: object[]) =>
  example(ArtifactFeed, { 'spec.accessPolicies': accessPolicies })
const policy = (change = {}) => example(ArtifactAccessPolicy, change)
const judged = (objects: KubernetesObject[], as = 'jane') =>
  answered(write('CREATE', ArtifactVersion, {}, { as }), cluster(...objects), false)
/** What it decides where every right that it asks about is held, or none. */
const answered = (request: Request, world: Cluster, isHeld: boolean) =>
  rule.decide(
    request,
    world,
    accessOf(rule.reviews(request, world).map(review => [review, isHeld])),
  )
const refused = [{ rule: 'R213', field: 'spec.feedRef', value: 'releases' }]

t.test('takes those whom the feed lets write', async t => {
  for (const permission of ['write', 'admin'])
    t.strictSame(judged([jane, feed([{ subject: 'jane', subjectKind: 'user', permission }])]), [])
  t.match(rule.lookups(write('CREATE', ArtifactVersion)), [
    { kind: ArtifactFeed, name: 'releases' },
  ])
})

t.test('takes those whom a policy lets write, as members or maintainers of a team', async t => {
  t.strictSame(judged([jane, feed(), team(), policy()]), [])
  const maintainers = { 'spec.members': undefined, 'spec.maintainers': ['jane'] }
  t.strictSame(judged([jane, feed(), team(maintainers), policy()]), [])
})

t.test('takes accounts of programs in the same namespace', async t => {
  const granted = feed([{ subject: 'ci', subjectKind: 'service-account', permission: 'write' }])
  t.strictSame(judged([granted], `system:serviceaccount:${namespace}:ci`), [])
  t.match(judged([granted], 'system:serviceaccount:other:ci'), refused)
})

t.test('refuses everybody else', async t => {
  const policyOf = { subject: 'jane', subjectKind: 'user', permission: 'write' }
  for (const [why, objects] of Object.entries({
    'nobody says who she is': [feed([policyOf])],
    'she may read': [jane, feed([{ ...policyOf, permission: 'read' }])],
    'it is for a team of her name': [jane, feed([{ ...policyOf, subjectKind: 'team' }])],
    'it is over': [jane, feed([{ ...policyOf, expiresAt: '2026-11-21T12:00:00Z' }])],
    'she is in no team': [jane, feed(), team({ 'spec.members': ['joe'] }), policy()],
    'the policy is for another feed': [jane, feed(), team(), policy({ 'spec.feedRef': 'x' })],
    'the policy is going': [
      jane,
      feed(),
      team(),
      policy({ 'metadata.deletionTimestamp': '2026-11-21T11:00:00Z' }),
    ],
  }))
    t.match(judged(objects), refused, why)
})

t.test('takes whoever may change the feed', async t => {
  const request = write('CREATE', ArtifactVersion)
  t.match(rule.reviews(request, cluster(feed())), [
    { verb: 'update', resource: 'artifactfeeds', name: 'releases', namespace },
  ])
  t.strictSame(answered(request, cluster(feed()), true), [])
})

t.test('has nothing to say of no feed, nor to the controller', async t => {
  t.strictSame(judged([]), [])
  const none = write('CREATE', ArtifactVersion, { 'spec.feedRef': undefined })
  t.strictSame(rule.lookups(none), [])
  t.strictSame(answered(none, cluster(), false), [])
  t.strictSame(judged([feed()], controller('artifact-controller')), [])
})
