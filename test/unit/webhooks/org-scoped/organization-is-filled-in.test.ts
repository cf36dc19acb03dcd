import t from 'tap'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { binding, cluster, now, request, team } from '#test/fixtures.ts'
import mutation from '#webhooks/org-scoped/organization-is-filled-in.ts'

const bare = () => {
  const { organizationRef: _, ...spec } = team('acme').spec
  return { ...team('acme', { metadata: { labels: {} } }), spec }
}

t.test('fills in organizationRef and label from the binding', async t => {
  const filled = mutation.apply(request('CREATE', Team, bare()), cluster(binding('acme')))
  t.match(filled, {
    metadata: { labels: { 'kradle.a5c.ai/org': 'acme' } },
    spec: { organizationRef: 'acme', displayName: 'Core' },
  })
})

t.test('leaves values alone that are there, wrong ones too', async t => {
  const wrong = team('acme', {
    metadata: { labels: { 'kradle.a5c.ai/org': 'x' } },
    spec: { organizationRef: '' },
  })
  const filled = mutation.apply(request('CREATE', Team, wrong), cluster(binding('acme')))
  t.match(filled, {
    metadata: { labels: { 'kradle.a5c.ai/org': 'x' } },
    spec: { organizationRef: '' },
  })
})

t.test(
  'changes nothing where nothing is missing, nothing is known or the object is going',
  async t => {
    const complete = request('CREATE', Team, team('acme'))
    t.equal(mutation.apply(complete, cluster(binding('acme'))), complete.object)
    const unbound = request('CREATE', Team, bare())
    t.equal(mutation.apply(unbound, cluster()), unbound.object)
    const elsewhere = request('CREATE', Team, {
      ...bare(),
      metadata: { name: 'x', namespace: 'default' },
    })
    t.equal(mutation.apply(elsewhere, cluster(binding('acme'))), elsewhere.object)
    const going = bare()
    going.metadata.deletionTimestamp = now.toISOString()
    const deleted = request('UPDATE', Team, going, bare())
    t.equal(mutation.apply(deleted, cluster(binding('acme'))), deleted.object)
  },
)

t.test('refuses what is in no namespace of an organisation', async t => {
  const elsewhere = { ...bare(), metadata: { name: 'x', namespace: 'default' } }
  t.match(mutation.refuse?.(request('CREATE', Team, elsewhere)), [
    { type: 'deny', field: 'metadata.namespace', value: 'default' },
  ])
  t.strictSame(mutation.refuse?.(request('CREATE', Team, bare())), [])
})

t.test('asks for the binding of the namespace', async t => {
  t.match(mutation.lookups?.(request('CREATE', Team, bare())), [{ name: 'acme', fresh: 'on-miss' }])
  const elsewhere = { ...bare(), metadata: { name: 'x', namespace: 'default' } }
  t.strictSame(mutation.lookups?.(request('CREATE', Team, elsewhere)), [])
})
