import t from 'tap'
import { ExternalWriteIntent } from '#src/api/activity/v1alpha1.ts'
import { ExternalBackendBinding } from '#src/api/external-backends/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { example, write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/externalwriteintent/binding-writes.ts'

const judged = (interfaces: object, change = {}) =>
  rule.decide(
    write('CREATE', ExternalWriteIntent, change),
    cluster(example(ExternalBackendBinding, { 'spec.interfaces': interfaces })),
  )

t.test('takes what the binding writes', async t => {
  t.strictSame(judged({ issueTracking: { mode: 'bidirectional' } }), [])
  const resourceModes = [{ kind: 'Issue', mode: 'kradle-owned' }]
  t.strictSame(judged({ issueTracking: { mode: 'mirror', resourceModes } }), [])
  t.match(rule.lookups(write('CREATE', ExternalWriteIntent)), [
    { kind: ExternalBackendBinding, name: 'github-app', fresh: 'on-miss' },
  ])
})

t.test('a mirror only reads', async t => {
  t.match(judged({ issueTracking: { mode: 'mirror' } }), [
    { rule: 'R170', field: 'spec.bindingRef', value: 'github-app' },
  ])
  const deletion = { 'spec.operation': 'deleteIssue' }
  t.match(judged({ issueTracking: { mode: 'mirror' } }, deletion), [{ rule: 'R175' }])
})

t.test('an interface that is off writes nothing', async t => {
  for (const interfaces of [{}, { issueTracking: { enabled: false, mode: 'bidirectional' } }])
    t.match(judged(interfaces), [{ rule: 'R170', problem: /does not use/ }])
})

t.test('has nothing to say without binding or interface', async t => {
  t.strictSame(judged({}, { 'spec.interface': undefined }), [])
  const none = write('CREATE', ExternalWriteIntent, { 'spec.bindingRef': undefined })
  t.strictSame(rule.lookups(none), [])
  t.strictSame(rule.decide(none, cluster()), [])
  t.strictSame(rule.decide(write('CREATE', ExternalWriteIntent), cluster()), [])
})
