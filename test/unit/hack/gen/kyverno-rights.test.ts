import t from 'tap'
import { kyvernoRights } from '#hack/gen/kyverno-rights.ts'
import { judgedKinds } from '#src/policy/kinds.ts'

const [reports, cleanup] = kyvernoRights(judgedKinds)

t.test('reports are about every kind of ours that templates judge', async t => {
  t.match(reports!.metadata.labels, { 'rbac.kyverno.io/aggregate-to-reports-controller': 'true' })
  t.match(reports!.rules, [
    { apiGroups: ['kradle.a5c.ai'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['activity.kradle.a5c.ai'], verbs: ['get', 'list', 'watch'] },
  ])
  const [configuration, activity] = reports!.rules!
  t.ok(activity!.resources!.includes('pullrequests'))
  t.ok(configuration!.resources!.includes('teams'))
  t.notOk(reports!.rules!.some(({ resources }) => resources?.includes('secrets')))
})

t.test('what is cleaned up are workspaces', async t => {
  t.match(cleanup, {
    metadata: { labels: { 'rbac.kyverno.io/aggregate-to-cleanup-controller': 'true' } },
    rules: [{ resources: ['kradleworkspaces'], verbs: ['get', 'list', 'watch', 'delete'] }],
  })
})
