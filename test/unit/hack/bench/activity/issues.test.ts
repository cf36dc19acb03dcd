import t from 'tap'
import { allIssues, creation, groups, issuesOf, statusPatch } from '#hack/bench/activity/issues.ts'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { activityKinds } from '#src/api/kinds.ts'

const { evaluator } = readDefinitions('crds/activity', activityKinds).find(
  ({ kind }) => kind.kind === 'Issue',
)!

t.test('both sides get the same, of the same length', async t => {
  const [ours, theirs] = (['kradle', 'crd'] as const).map(side => creation(side, 'acme', 'one'))
  t.equal(ours?.path, '/apis/activity.kradle.a5c.ai/v1alpha1/namespaces/kradle-org-acme/issues')
  t.equal(ours?.path, issuesOf('kradle', 'acme'))
  t.equal(ours?.body?.length, theirs?.body?.length)
  t.equal(String(theirs?.body), String(ours?.body).replace(groups.kradle, groups.crd))
  t.equal(allIssues('crd'), '/apis/activity.kradle.shadow/v1alpha1/issues')
})

t.test('nothing has to be filled in, and all of it fits', async t => {
  const sent = JSON.parse(
    String(creation('kradle', 'acme', 'one', { 'bench/page': 'rare' }).body),
  ) as { spec: object }
  const { object } = evaluator.decode(sent)
  t.strictSame(object['spec'], sent.spec)
  t.match(object['metadata'], {
    labels: { 'kradle.a5c.ai/org': 'acme', 'bench/page': 'rare' },
  })
  const { path, body, contentType } = statusPatch('kradle', 'acme', 'one')
  t.equal(path, `${issuesOf('kradle', 'acme')}/one/status`)
  t.equal(contentType, 'application/merge-patch+json')
  const merged = { ...sent, ...(JSON.parse(String(body)) as object) }
  t.strictSame(evaluator.decode(merged).object['status'], merged['status' as keyof typeof merged])
})
