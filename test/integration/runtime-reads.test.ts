import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startControlPlane } from '#hack/local/control-plane.ts'
import { Namespace, ResourceQuota, Secret } from '#src/api/core/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { Client, loadClient } from '#src/lib/client.ts'
import { controller, type Controller } from '#src/lib/controller.ts'
import { keysOnlyOf, type KeysOnly } from '#src/lib/keys-only.ts'
import { liveCluster } from '#src/lib/live-cluster.ts'
import { createLog } from '#src/lib/log.ts'
import { runDeployment } from '#src/lib/manager.ts'
import { atRest } from '#test/support/at-rest.ts'
import { FaultProxy } from '#test/support/proxy.ts'
import { until } from '#test/support/running.ts'
import { Store } from '#src/lib/store.ts'
import {
  ConfigMap,
  CustomResourceDefinition,
  Widget,
  widget,
  WIDGET_FINALIZER,
  widgetController,
  widgetDefinition,
} from '#test/support/widget.ts'

const controlPlane = await startControlPlane({ home: t.testdir(), unsafeNoFsync: true })
const client = loadClient({ kubeconfig: controlPlane.adminKubeconfig })
const proxy = await FaultProxy.start({
  server: controlPlane.server,
  credentials: controlPlane.adminCertificate,
})
t.teardown(async () => {
  client.close()
  proxy.close()
  await controlPlane.stop()
})
await client.apply(CustomResourceDefinition, widgetDefinition, { fieldManager: 'test' })
await until('widgets are served', () => client.list(Widget).catch(() => undefined))

/** Runs one controller; its log so far, and how to end it. */
async function running(name: string, one: Controller) {
  const stop = new AbortController()
  const lines: Record<string, unknown>[] = []
  const write = (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>)
  const end = runDeployment(
    { name, controllers: [one] },
    {
      client,
      health: { host: '127.0.0.1', port: 0 },
      log: createLog(name, 'debug', { write }),
      signal: stop.signal,
      leaseNamespace: 'default',
    },
  )
  return {
    lines,
    stop: () => {
      stop.abort()
      return end
    },
  }
}

const statusOf = async (name: string, namespace: string) =>
  (await client.get(Widget, name, namespace))?.status

t.test('of a Secret read for its keys, no value reaches a controller', async test => {
  const canary = 'canary-4711'
  const seen: (KeysOnly | undefined)[] = []
  const SecretKeys = keysOnlyOf(Secret)
  const reader: Controller = controller(Widget, {
    name: 'reader',
    finalizer: WIDGET_FINALIZER,
    watches: [],
    writes: [],
    lookups: ({ metadata: { namespace } }) => [
      { kind: Secret, name: 'model', namespace, part: 'keys' },
    ],
    reconcile({ metadata }, cluster) {
      seen.push(cluster.get(SecretKeys, 'model', metadata.namespace))
      return { finalizer: metadata.deletionTimestamp ? 'release' : 'hold' }
    },
  })
  const { stop, lines } = await running('reader', reader)
  test.teardown(stop)
  await client.create(Secret, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'model', namespace: 'default', annotations: { copy: canary } },
    data: { token: Buffer.from(canary).toString('base64') },
  })
  await client.create(Widget, widget('reads', 'default', 'hello'))
  await until('it has seen the Secret', async () => seen.length > 0)
  test.match(seen[0], { metadata: { name: 'model', namespace: 'default' }, keys: ['token'] })

  const before = seen.length
  await client.delete(Widget, 'reads', 'default')
  await until('it is gone', async () => !(await client.get(Widget, 'reads', 'default')))
  test.ok(seen.length >= before + 2, 'looked at once more before the last finalizer went')
  const text = JSON.stringify([seen, lines])
  test.notMatch(text, canary)
  test.notMatch(text, Buffer.from(canary).toString('base64'))
})

t.test('one object is found by the right to list', async test => {
  const name = 'found'
  const data = { key: 'value' }
  const metadata = { name, namespace: 'default' }
  await client.create(ConfigMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data })
  test.match(await client.find(ConfigMap, name, 'default'), { kind: 'ConfigMap', metadata, data })
  const part = await client.find(ConfigMap, name, 'default', { part: 'metadata' })
  test.match(part, { metadata })
  test.equal(part?.data, undefined)
  test.match(await client.find(Namespace, 'default'), { metadata: { name: 'default' } })
  for (const other of ['lost', '', 'a/b', `${name},metadata.namespace=default`, 'a\\', '='])
    test.equal(await client.find(ConfigMap, other, 'default'), undefined, other)
  test.equal(await client.find(ConfigMap, name, 'kube-system'), undefined)
  test.equal(await client.find(ConfigMap, name), undefined, 'nobody says whose')
  test.equal(await client.find(Namespace, 'default', 'default'), undefined)
  const unserved = { ...Widget, group: 'nowhere.example.com' }
  test.equal(await client.find(unserved, name, 'default'), undefined)
})

t.test(
  'what the API server forbids is reported where a plan knows what to say of it',
  async test => {
    const namespace = 'full'
    const create = <T extends KubernetesObject>(kind: Kind<T>, object: object) =>
      client.create(kind, object as T)
    await create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
    await create(ResourceQuota, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'none', namespace },
      spec: { hard: { 'count/configmaps': '0' } },
    })
    let tries = 0
    const polite: Controller = {
      ...widgetController,
      reconcile(object, cluster) {
        const plan = widgetController.reconcile(object, cluster)
        if (object.metadata.deletionTimestamp) return plan
        tries += 1
        return {
          ...plan,
          refused: ({ object: { kind, metadata }, message }) => ({
            status: {
              phase: 'Refused',
              conditions: [
                {
                  type: 'Ready',
                  status: 'False',
                  reason: 'Refused',
                  message: `${kind} ${metadata.name}: ${/quota/.exec(message)?.[0]}`,
                },
              ],
            },
            requeueAfter: 600,
          }),
        }
      },
    }
    const { stop, lines } = await running('polite', polite)
    test.teardown(stop)
    await client.create(Widget, widget('forbidden', namespace, 'hello'))
    await until(
      'the refusal is reported',
      async () => (await statusOf('forbidden', namespace))?.phase === 'Refused',
    )
    test.match(await statusOf('forbidden', namespace), {
      conditions: [{ status: 'False', reason: 'Refused', message: 'ConfigMap forbidden: quota' }],
    })
    const before = await atRest(() => tries)
    // Time in which an error would be tried again many times.
    await sleep(1500)
    test.ok(tries <= before + 1, `${tries} tries, ${before} before`)
    test.notOk(lines.some(({ msg }) => msg === 'reconcile failed'))
    test.ok(lines.some(({ msg }) => msg === 'refused'))

    await client.delete(ResourceQuota, 'none', namespace)
    await client.mergePatch(
      Widget,
      { name: 'forbidden', namespace },
      { spec: { text: 'hello again' } },
    )
    await until(
      'it is made after all',
      async () =>
        (await client.get(ConfigMap, 'forbidden', namespace))?.data?.['text'] === 'hello again',
    )
    await until(
      'and that is reported',
      async () => (await statusOf('forbidden', namespace))?.phase === 'Ready',
    )
    await stop()

    const { lines: loud, stop: end } = await running('loud', widgetController)
    test.teardown(end)
    await create(ResourceQuota, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'none', namespace },
      spec: { hard: { 'count/configmaps': '0' } },
    })
    await until('nothing can be made', async () => {
      const name = `probe-${Date.now()}`
      const probe = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } }
      return client.create(ConfigMap, probe, {}).then(
        () => false,
        () => true,
      )
    })
    await client.create(Widget, widget('error', namespace, 'hello'))
    await until('without that it is an error', async () =>
      loud.some(({ msg }) => msg === 'reconcile failed'),
    )
    test.notOk((await statusOf('error', namespace))?.phase)
  },
)

t.test('a read that fails while a list is under way is no rejection of its own', async test => {
  // What is followed is read as a list of one.
  proxy.decide = ({ query }) =>
    query.get('fieldSelector') === 'metadata.name=broken'
      ? { type: 'drop' }
      : { type: 'slow', ms: 500 }
  const through = new Client(proxy.connection)
  test.teardown(() => through.close())
  const looks = {
    gets: new Map([['broken', { kind: ConfigMap, name: 'broken', namespace: 'default' }]]),
    lists: new Map([['all', { kind: Widget, namespace: 'default' }]]),
  }
  const sources = () => [{ store: new Store(), selection: {} }]
  const { signal } = new AbortController()
  const unhandled: unknown[] = []
  const note = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  test.teardown(() => process.off('unhandledRejection', note))
  await test.rejects(liveCluster(through, sources, looks, new Date(), { signal }), {
    code: 'ConnectionFailed',
  })
  await until('the list is through', async () => proxy.faults['slow'] === 1)
  test.strictSame(unhandled, [])
})
