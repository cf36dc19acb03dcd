import t from 'tap'
import { Organization } from '#src/api/identity/v1alpha1.ts'
import { cluster, now, organization, request, tenant } from '#test/fixtures.ts'
import rule from '#webhooks/organization/deletion-is-confirmed.ts'

const confirm = (slug: string) => ({ annotations: { 'kradle.a5c.ai/confirm-delete': slug } })
const going = { deletionTimestamp: now.toISOString() }
const cases = {
  'denies while the namespace lives': {
    object: organization('acme'),
    objects: [tenant('acme')],
    want: [
      { type: 'deny', field: 'metadata.annotations[kradle.a5c.ai/confirm-delete]', fix: /=acme/ },
    ],
  },
  'denies a confirmation of another slug': {
    object: organization('acme', confirm('globex')),
    objects: [tenant('acme')],
    want: [{ type: 'deny', value: 'globex' }],
  },
  'warns about the namespace when confirmed': {
    object: organization('acme', confirm('acme')),
    objects: [tenant('acme')],
    want: [{ type: 'warn', message: /kradle-org-acme.*deleted too/ }],
  },
  'allows without a namespace': { object: organization('acme'), objects: [], want: [] },
  'allows while the namespace goes': {
    object: organization('acme'),
    objects: [tenant('acme', going)],
    want: [],
  },
  'allows once the organisation itself goes': {
    object: organization('acme', going),
    objects: [tenant('acme')],
    want: [],
  },
}

for (const [name, { object, objects, want }] of Object.entries(cases))
  t.test(name, async t => {
    const findings = rule.decide(request('DELETE', Organization, object), cluster(...objects))
    t.match(findings, want)
    t.equal(findings.length, want.length)
  })

t.test('reads the namespace live', async t => {
  t.match(rule.lookups?.(request('DELETE', Organization, organization('acme'))), [
    { name: 'kradle-org-acme', fresh: 'live' },
  ])
})
