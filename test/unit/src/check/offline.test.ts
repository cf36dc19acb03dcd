import t from 'tap'
import { OrgNamespaceBinding, Team } from '#src/api/identity/v1alpha1.ts'
import { describe, offline } from '#src/check/offline.ts'
import { recorded } from '#src/lib/recorded-cluster.ts'
import { binding, cluster, now, organization, team } from '#test/fixtures.ts'

const named = (name: string) => team('acme', { metadata: { name } })
const [core, docs] = [named('core'), named('docs')]
const bound = (world: ReturnType<typeof offline>) =>
  world.view().get(OrgNamespaceBinding, 'acme', 'kradle-system') !== undefined

t.test('shows what is there and what has been stored, not what may come', async t => {
  const world = offline([core, docs], [named('old')], now)
  const names = () =>
    world
      .view()
      .list(Team, 'kradle-org-acme')
      .map(({ metadata }) => metadata.name)
  t.strictSame(names(), ['old'])
  world.store(docs)
  t.strictSame(names(), ['docs', 'old'])
  t.equal(world.view().now, now)
})

t.test('takes organisations as given, until somebody says what is there', async t => {
  t.ok(bound(offline([core], undefined, now)))
  t.notOk(bound(offline([core], [], now)))
  t.ok(bound(offline([core], [organization()], now)))
  t.ok(bound(offline([core], [binding()], now)))
})

t.test('has nothing to read, and takes rights for granted', async t => {
  const world = offline([core], undefined, now)
  t.notOk(await world.learn(recorded(cluster()).looks))
  t.strictSame(world.hidden(), [])
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
