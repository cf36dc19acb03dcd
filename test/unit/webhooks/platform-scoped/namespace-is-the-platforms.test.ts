import t from 'tap'
import { Organization, OrgNamespaceBinding } from '#src/api/identity/v1alpha1.ts'
import { binding, organization, request } from '#test/fixtures.ts'
import rule from '#webhooks/platform-scoped/namespace-is-the-platforms.ts'

t.test('takes organisations and bindings in kradle-system', async t => {
  t.strictSame(rule.decide(request('CREATE', Organization, organization())), [])
  t.strictSame(rule.decide(request('CREATE', OrgNamespaceBinding, binding())), [])
})

t.test('refuses them anywhere else, and under other names', async t => {
  const elsewhere = organization('acme', { namespace: 'kradle-org-acme' })
  t.match(rule.decide(request('CREATE', Organization, elsewhere)), [
    { rule: 'R30', field: 'metadata.namespace', value: 'kradle-org-acme' },
  ])
  const named = organization('acme', { name: 'ac.me' })
  t.match(rule.decide(request('CREATE', Organization, named)), [
    { rule: 'R10', field: 'metadata.name', value: 'ac.me', fix: 'write "ac-me"' },
  ])
})
