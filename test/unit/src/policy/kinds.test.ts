import t from 'tap'
import { judgedKinds, kindsNamed, targetName } from '#src/policy/kinds.ts'

t.test('a name stands for one kind, unless two have it', async t => {
  t.match(kindsNamed('PullRequest'), [{ group: 'activity.kradle.a5c.ai', plural: 'pullrequests' }])
  t.match(kindsNamed('Job').map(targetName).toSorted(), ['activity.kradle.a5c.ai/Job', 'batch/Job'])
  t.match(kindsNamed('batch/Job'), [{ group: 'batch' }])
  t.strictSame(kindsNamed('Namespace'), [])
  t.match(kindsNamed('Pod').map(targetName), ['Pod'])
})

t.test('all of them live in a namespace', async t => {
  t.ok(judgedKinds.every(({ namespaced }) => namespaced))
})
