import t from 'tap'
import { OrgNamespaceBinding } from '#src/api/identity/v1alpha1.ts'
import { binding, cluster, now, organization, request } from '#test/fixtures.ts'
import rule from '#webhooks/orgnamespacebinding/deletion-is-repaired.ts'

const remove = request('DELETE', OrgNamespaceBinding, binding('acme'))

t.test('warns while the organisation lives', async t => {
  t.match(rule.decide(remove, cluster(organization('acme'))), [
    { type: 'warn', message: /made again/ },
  ])
})

t.test('says nothing once the organisation goes or is gone', async t => {
  const going = organization('acme', { deletionTimestamp: now.toISOString() })
  t.strictSame(rule.decide(remove, cluster(going)), [])
  t.strictSame(rule.decide(remove, cluster()), [])
})

t.test('is content with what the watch knows', async t => {
  t.match(rule.lookups?.(remove), [{ name: 'acme', fresh: 'cached' }])
})
