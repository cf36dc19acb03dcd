import t from 'tap'
import { ExternalWriteIntent } from '#src/api/activity/v1alpha1.ts'
import { ExternalBackendSyncPolicy } from '#src/api/external-backends/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { example, write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/externalwriteintent/approval-is-not-waived.ts'

const policy = (name: string, defaultMode: string, agentWriteRequiresApproval = true) =>
  example(ExternalBackendSyncPolicy, {
    'metadata.name': name,
    'spec.writePolicy': { defaultMode, agentWriteRequiresApproval },
  })
const waived = (change = {}) =>
  write('CREATE', ExternalWriteIntent, { 'spec.approvalPolicy': { required: false }, ...change })
const agent = { 'spec.source.kind': 'AgentAction' }

t.test('is required where nobody says otherwise', async t => {
  t.match(rule.decide(waived(), cluster()), [
    { rule: 'R180', field: 'spec.approvalPolicy.required', value: false, problem: /has none/ },
  ])
  t.strictSame(rule.decide(write('CREATE', ExternalWriteIntent), cluster()), [])
})

t.test('is waived by automatic-write alone', async t => {
  const automatic = policy('a', 'automatic-write')
  t.strictSame(rule.decide(waived(), cluster(automatic)), [])
  t.match(rule.decide(waived(), cluster(automatic, policy('b', 'reviewed-write'))), [
    { problem: /"b" says/ },
  ])
  const other = waived({ 'spec.providerRef': 'gitlab' })
  t.match(rule.decide(other, cluster(automatic)), [{ problem: /"gitlab" has none/ }])
})

t.test('agents ask unless they need not', async t => {
  t.match(rule.decide(waived(agent), cluster(policy('a', 'automatic-write'))), [
    { problem: /an agent asks for.*"a"/ },
  ])
  t.strictSame(rule.decide(waived(agent), cluster(policy('a', 'automatic-write', false))), [])
})

t.test('nothing is written where only reading is allowed', async t => {
  t.match(rule.decide(write('CREATE', ExternalWriteIntent), cluster(policy('a', 'read-only'))), [
    { rule: 'R180', field: 'spec.providerRef', value: 'github' },
  ])
})
