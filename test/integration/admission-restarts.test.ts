import t from 'tap'
import { IdentityMapping, OrgNamespaceBinding } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { orgNamespace, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { ApiError } from '#src/lib/api-error.ts'
import { createLog } from '#src/lib/log.ts'
import { Reflector } from '#src/lib/reflector.ts'
import { Balancer } from '#test/support/balancer.ts'
import { Load, tally } from '#test/support/load.ts'
import { createOrganization, mapping, running, until } from '#test/support/running.ts'

// Two webhook servers behind something like a Service, and 100 writes a second: what becomes of the writes when one of the
// two is stopped as a rollout stops it, and when it is killed.

const PER_SECOND = 100
const PATIENCE_MS = 30_000

const balancer = await Balancer.start()
t.teardown(() => balancer.close())
const { kradle, client } = await running(t, {
  webhookUrl: balancer.url,
  processes: [
    { name: 'webhook' },
    { name: 'webhook', id: 'webhook-2' },
    { name: 'admission-controller' },
    { name: 'identity-controller' },
  ],
})
const replicas = ['webhook', 'webhook-2']
balancer.balance(replicas.map(id => ({ id, url: kradle.webhook(id), health: kradle.health(id) })))
const bothServe = () =>
  until('new connections go to both', async () => balancer.ready.length === 2, 60)
await bothServe()
await createOrganization(client, 'acme')

const create = (name: string, slug?: string) =>
  client.create(IdentityMapping, mapping(name, slug), { timeoutMs: PATIENCE_MS })

t.test('a replica that is stopped and started again costs no write', async t => {
  const load = new Load(PER_SECOND, index => create(`calm-${index}`))
  await load.more(100)
  const [first, second] = replicas as [string, string]
  await until('both are asked', async () =>
    (await Promise.all(replicas.map(id => reviews(kradle.health(id))))).every(count => count > 0),
  )
  for (const [id, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const before = load.writes.length
    await kradle.kill(id, 'SIGTERM')
    t.ok(load.writes.length > before, `writes went on while ${id} was draining`)
    t.strictSame(balancer.ready, [other], 'the other one serves alone')
    await load.more(100)
    await kradle.restart(id)
    await bothServe()
    await load.more(100)
  }
  await until('1000 writes were made', async () => load.writes.length >= 1000, 120)
  await load.stop()
  t.comment(load.summary('SIGTERM of one, then of the other'))
  t.strictSame(tally(load.failures), [])
})

t.test('a killed replica lets nothing through, and what failed can be repeated', async t => {
  // An organisation whose namespace is no longer bound. Nobody may bind it again, so the controller that would is stopped.
  await createOrganization(client, 'bare')
  await kradle.kill('identity-controller', 'SIGTERM')
  t.teardown(() => kradle.restart('identity-controller'))
  await client.delete(OrgNamespaceBinding, 'bare', PLATFORM_NAMESPACE)
  const unbound = (name: string) => create(name, 'bare')
  const unowned = (slug: string) =>
    client.create(
      OrgNamespaceBinding,
      {
        apiVersion: 'kradle.a5c.ai/v1alpha1',
        kind: 'OrgNamespaceBinding',
        metadata: { name: slug, namespace: PLATFORM_NAMESPACE },
        spec: { organizationRef: slug, namespace: orgNamespace(slug) },
      },
      { timeoutMs: PATIENCE_MS },
    )
  // Policies judge before the webhooks, so a webhook's word means that no policy had any objection.
  await t.rejects(unowned('ghost'), {
    message: /validate\.kradle\.a5c\.ai.*names no Organization/,
  })
  await until('the missing binding was noticed', () =>
    unbound('probe').then(
      () => client.delete(IdentityMapping, 'probe', orgNamespace('bare')).then(() => false),
      (error: Error) => /validate\.kradle\.a5c\.ai.*is not bound/.test(error.message),
    ),
  )
  // A list at the end would miss what somebody had deleted meanwhile.
  const stored: string[] = []
  const follow = <T extends KubernetesObject>(kind: Kind<T>) => {
    const reflector = new Reflector<T>({ client, kind, log: createLog('test', 'error') })
    reflector.onChange((_, now) => {
      if (now?.metadata.name.startsWith('bad-')) stored.push(now.metadata.name)
    })
    reflector.start()
    return reflector
  }
  const bindings = follow(OrgNamespaceBinding)
  const mappings = follow(IdentityMapping)
  t.teardown(() => Promise.all([bindings.stop(), mappings.stop()]))
  await Promise.all([bindings.synced(), mappings.synced()])

  const isBad = (index: number) => index % 10 === 0
  const load = new Load(PER_SECOND, index => {
    if (!isBad(index)) return create(`rough-${index}`)
    return index % 20 === 0 ? unowned(`bad-${index}`) : unbound(`bad-${index}`)
  })
  for (const id of replicas) {
    await load.more(300)
    await kradle.kill(id)
    await until(`no connection goes to ${id}`, async () => !balancer.ready.includes(id))
    await load.more(300)
    await kradle.restart(id)
    await bothServe()
  }
  await load.stop()

  const bad = load.writes.filter(({ index }) => isBad(index))
  const lost = load.failures.filter(({ index }) => !isBad(index))
  t.comment(load.summary('SIGKILL of one, then of the other'))
  t.comment(`${bad.length} of them had to be refused; ${lost.length} others failed`)
  for (const line of tally(lost)) t.comment(line)

  t.ok(bad.length >= 100, 'a tenth of the writes was not allowed')
  t.strictSame(
    bad.filter(({ error }) => !error),
    [],
    'none of them was answered with yes',
  )
  for (const { index, error } of lost) {
    // A create: it would fail as AlreadyExists, had the failed one been stored after all. One that nobody answered may have been.
    const isAnswered = error instanceof ApiError && error.code !== 504
    const again = create(`rough-${index}`).catch((now: ApiError) => {
      if (isAnswered || now.reason !== 'AlreadyExists') throw now
    })
    await t.resolves(again, `write ${index} succeeds when repeated`)
  }
  // Once the watch shows the last write, it has shown all before it.
  await create('last')
  await until('the watch has come to the last write', async () =>
    mappings.store.get('last', orgNamespace('acme')),
  )
  t.strictSame(stored, [], 'none of them was ever stored')
  const { items } = await client.list(IdentityMapping, { namespace: orgNamespace('bare') })
  t.strictSame(items, [])
  const names = (await client.list(OrgNamespaceBinding)).items.map(({ metadata }) => metadata.name)
  t.strictSame(names, ['acme'])
})

/** How many reviews a webhook server has answered. */
async function reviews(health: string): Promise<number> {
  const text = await (await fetch(`${health}/metrics`)).text()
  return [...text.matchAll(/^kradle_admission_requests_total\{.*\} (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  )
}
