import t from 'tap'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { pullRequest } from '#src/apiserver/kinds/pullrequest.ts'
import { activityKinds } from '#src/api/kinds.ts'

t.test('who names it can be found by that', async t => {
  const { kind, field } = pullRequest.namedBy!
  t.equal(kind.plural, 'reviews')
  t.equal(field, 'spec.pullRequest')
  const resource = readDefinitions('crds/activity', activityKinds).find(each => each.kind === kind)
  t.ok(resource?.selectableFields.includes(`.${field}`))
})
