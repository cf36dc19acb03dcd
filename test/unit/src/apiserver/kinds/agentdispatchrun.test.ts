import t from 'tap'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { run } from '#src/apiserver/kinds/agentdispatchrun.ts'
import { activityKinds } from '#src/api/kinds.ts'

t.test('who names it can be found by that', async t => {
  const { kind, field } = run.namedBy!
  t.equal(kind.plural, 'agentapprovals')
  t.equal(field, 'spec.dispatchRun')
  const resource = readDefinitions('crds/activity', activityKinds).find(each => each.kind === kind)
  t.ok(resource?.selectableFields.includes(`.${field}`))
})
