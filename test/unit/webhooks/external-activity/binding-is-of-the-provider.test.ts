import t from 'tap'
import { ExternalSyncState, Issue } from '#src/api/activity/v1alpha1.ts'
import { ExternalBackendBinding } from '#src/api/external-backends/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { example, write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/external-activity/binding-is-of-the-provider.ts'

const world = cluster(example(ExternalBackendBinding))
const mirrored = (providerRef: string) =>
  write('CREATE', Issue, { 'spec.external': { providerRef, bindingRef: 'github-app' } })

t.test('takes one of the provider, and one that is not there', async t => {
  t.strictSame(rule.decide(write('CREATE', ExternalSyncState), world), [])
  t.strictSame(rule.decide(mirrored('github'), world), [])
  t.strictSame(rule.decide(mirrored('gitlab'), cluster()), [])
  t.match(rule.lookups(mirrored('github')), [
    { kind: ExternalBackendBinding, name: 'github-app', fresh: 'on-miss' },
  ])
})

t.test('refuses one of another provider, wherever it is named', async t => {
  t.match(
    rule.decide(write('CREATE', ExternalSyncState, { 'spec.providerRef': 'gitlab' }), world),
    [{ rule: 'R34', field: 'spec.bindingRef', value: 'github-app', problem: /provider "github"/ }],
  )
  t.match(rule.decide(mirrored('gitlab'), world), [{ field: 'spec.external.bindingRef' }])
})

t.test('has nothing to say where none is named', async t => {
  t.strictSame(rule.lookups(write('CREATE', Issue)), [])
  t.strictSame(rule.decide(write('CREATE', Issue), world), [])
})
