import t from 'tap'
import { matchesRule, type MatchRule } from '#src/lib/match/rule.ts'
import { attributesFor } from '#test/support/activity-admission/attributes.ts'

const everything: MatchRule = {
  operations: ['*'],
  apiGroups: ['*'],
  apiVersions: ['*'],
  resources: ['*'],
}
const matches = (rule: MatchRule, more = {}): boolean =>
  matchesRule({ ...everything, ...rule }, attributesFor(more))

t.test('by what is written', async t => {
  t.ok(matches({}))
  t.ok(matches({ apiGroups: ['shadow.example.com'], apiVersions: ['v1'], operations: ['CREATE'] }))
  t.notOk(matches({ apiGroups: [''] }))
  t.notOk(matches({ apiVersions: ['v2'] }))
  t.notOk(matches({ operations: ['UPDATE'] }))
  t.notOk(matchesRule({}, attributesFor()))
  t.notOk(matchesRule({ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'] }, attributesFor()))
})

t.test('by resource and subresource', async t => {
  const status = { subresource: 'status' }
  for (const [resource, object, ofStatus] of [
    ['*', true, false],
    ['things', true, false],
    ['others', false, false],
    ['things/status', false, true],
    ['things/*', true, true],
    ['*/status', false, true],
    ['*/*', true, true],
    ['others/*', false, false],
  ] as const) {
    t.equal(matches({ resources: [resource] }), object, resource)
    t.equal(matches({ resources: [resource] }, status), ofStatus, `${resource} of status`)
  }
})

t.test('by scope and name', async t => {
  for (const [scope, namespaced, cluster] of [
    ['*', true, true],
    ['Namespaced', true, false],
    ['Cluster', false, true],
    ['Other', false, false],
  ] as const) {
    t.equal(matches({ scope }), namespaced, scope)
    t.equal(matches({ scope }, { namespace: '' }), cluster, scope)
  }
  t.ok(matches({ resourceNames: [] }))
  t.ok(matches({ resourceNames: ['one'] }))
  t.notOk(matches({ resourceNames: ['two'] }))
})
