import t from 'tap'
import { OrgNamespaceBinding, Team } from '#src/api/identity/v1alpha1.ts'
import type { Manifest } from '#src/check/judge.ts'
import { describe, offline } from '#src/check/offline.ts'
import { recorded } from '#src/lib/recorded-cluster.ts'
import { binding, cluster, now, organization, team } from '#test/fixtures.ts'

const manifest = (name: string): Manifest => ({
  file: 'x.yaml',
  line: 1,
  kind: Team,
  object: team('acme', { metadata: { name } }) as never,
})
const [core, docs] = [manifest('core'), manifest('docs')]
const bound = (world: ReturnType<typeof offline>) =>
  world.view(core).get(OrgNamespaceBinding, 'acme', 'kradle-system') !== undefined

t.test('shows manifests each other, and what is there', async t => {
  const world = offline(
    [core.object, docs.object],
    [team('acme', { metadata: { name: 'old' } })],
    now,
  )
  const names = world
    .view(core)
    .list(Team, 'kradle-org-acme')
    .map(({ metadata }) => metadata.name)
  t.strictSame(names, ['docs', 'old'])
  t.equal(world.view(core).now, now)
})

t.test('takes organisations as given, until somebody says what is there', async t => {
  t.ok(bound(offline([core.object], undefined, now)))
  t.notOk(bound(offline([core.object], [], now)))
  t.ok(bound(offline([core.object], [organization()], now)))
  t.ok(bound(offline([core.object], [binding()], now)))
})

t.test('has nothing to read, and takes rights for granted', async t => {
  const world = offline([core.object], undefined, now)
  t.notOk(await world.learn(recorded(cluster()).looks))
  const review = {
    verb: 'use',
    group: 'kradle.a5c.ai',
    resource: 'agentserviceaccounts',
    namespace: 'kradle-org-acme',
    name: 'repairer',
  }
  const { access, assumed } = await world.ask([review])
  t.ok(access.allowed(review))
  t.strictSame(assumed, ['use agentserviceaccounts "repairer"'])
  t.equal(describe({ ...review, name: '' }), 'use agentserviceaccounts')
  t.equal(
    describe({ ...review, subresource: 'token' }),
    'use agentserviceaccounts/token "repairer"',
  )
})
