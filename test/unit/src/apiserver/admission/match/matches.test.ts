import t from 'tap'
import type { Namespace } from '#src/api/core/v1.ts'
import { matches, type Criteria } from '#src/apiserver/admission/match/matches.ts'
import { attributesFor, thing } from '#test/support/activity-admission/attributes.ts'

const rule = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }
const red: Namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'red', labels: { team: 'red' } },
}
const team = (name: string) => ({ namespaceSelector: { matchLabels: { team: name } } })
const asked = (criteria: Partial<Criteria>, more = {}, namespace: Namespace | undefined = red) =>
  matches({ rules: [rule], ...criteria }, attributesFor(more), async () => namespace)
const broken = { matchExpressions: [{ key: 'a', operator: 'Is' }] }

t.test('rules, and those that leave out', async t => {
  t.equal(await asked({}), true)
  t.equal(await asked({ rules: [] }), false)
  t.equal(await asked({ rules: undefined }), true)
  t.equal(await asked({ excludeResourceRules: [rule] }), false)
})

t.test('namespaces', async t => {
  t.equal(await asked(team('red')), true)
  t.equal(await asked(team('blue')), false)
  t.equal(await asked({ namespaceSelector: {} }), true)
  t.equal(await asked(team('blue'), { namespace: '' }), true)
  t.equal(await asked(team('red'), {}, { ...red, metadata: { name: 'red' } }), false)
  await t.rejects(
    matches({ rules: [rule], ...team('red') }, attributesFor(), async () => undefined),
    { code: 404 },
  )
  await t.rejects(asked({ namespaceSelector: broken }), { code: 500 })
})

t.test('objects, before or after', async t => {
  const objectSelector = { matchLabels: { a: 'b' } }
  const marked = thing({ metadata: { name: 'one', labels: { a: 'b' } } })
  t.equal(await asked({ objectSelector }), false)
  t.equal(await asked({ objectSelector: {} }), true)
  t.equal(await asked({ objectSelector }, { object: marked }), true)
  t.equal(await asked({ objectSelector }, { oldObject: marked }), true)
  t.equal(await asked({ objectSelector }, { object: undefined, oldObject: marked }), true)
  await t.rejects(asked({ objectSelector: broken }), {
    message: 'Internal error occurred: "Is" is not a valid label selector operator',
  })
})
