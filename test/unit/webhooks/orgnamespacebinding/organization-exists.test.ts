import t from 'tap'
import { OrgNamespaceBinding } from '#src/api/identity/v1alpha1.ts'
import { binding, cluster, now, organization, request } from '#test/fixtures.ts'
import rule from '#webhooks/orgnamespacebinding/organization-exists.ts'

const create = (object: OrgNamespaceBinding) => request('CREATE', OrgNamespaceBinding, object)
const withRef = (organizationRef: unknown) =>
  ({ ...binding('acme'), spec: { organizationRef } }) as unknown as OrgNamespaceBinding

t.test('allows a binding for an organisation that exists', async t => {
  t.strictSame(rule.decide(create(binding('acme')), cluster(organization('acme'))), [])
})

t.test('denies a binding for nobody, or for one that is going', async t => {
  t.match(rule.decide(create(binding('acme')), cluster()), [
    { type: 'deny', field: 'spec.organizationRef', value: 'acme', problem: /names no/ },
  ])
  const going = organization('acme', { deletionTimestamp: now.toISOString() })
  t.match(rule.decide(create(binding('acme')), cluster(going)), [{ problem: /being deleted/ }])
})

t.test('leaves a missing or malformed reference to the schema', async t => {
  for (const ref of [undefined, '', 7]) {
    t.strictSame(rule.lookups?.(create(withRef(ref))), [])
    t.strictSame(rule.decide(create(withRef(ref)), cluster()), [])
  }
})

t.test('reads the organisation live', async t => {
  t.match(rule.lookups?.(create(binding('acme'))), [
    { name: 'acme', namespace: 'kradle-system', fresh: 'live' },
  ])
})
