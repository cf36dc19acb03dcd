import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { issueCa, issueLeaf } from '#hack/local/certificates.ts'
import { startControlPlane } from '#hack/local/control-plane.ts'
import { Event } from '#src/api/core/v1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { apiPath } from '#src/lib/api-path.ts'
import { ValidatingWebhookConfiguration } from '#src/api/admissionregistration/v1.ts'
import { loadClient, Client } from '#src/lib/client.ts'
import type { Controller } from '#src/lib/controller.ts'
import { createLog } from '#src/lib/log.ts'
import { runDeployment, type RunOptions } from '#src/lib/manager.ts'
import { FaultProxy, type Fault } from '#test/support/proxy.ts'
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
await client.apply(CustomResourceDefinition, widgetDefinition, { fieldManager: 'test' })
await served()
t.teardown(async () => {
  client.close()
  proxy.close()
  await controlPlane.stop()
})

/** Waits until the API server knows widgets. */
async function served(): Promise<void> {
  while (!(await client.list(Widget).catch(() => undefined))) await sleep(50)
}

/** Runs a Deployment through the proxy; gives back where its metrics are and how it ends. */
async function deployment(
  name: string,
  controllers: readonly Controller[],
  options: Partial<RunOptions> = {},
  by = proxy,
) {
  const stop = new AbortController()
  const listening = Promise.withResolvers<string>()
  const lines: Record<string, unknown>[] = []
  const write = (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>)
  const through = new Client(by.connection)
  const end = runDeployment(
    { name, controllers },
    {
      client: through,
      health: { host: '127.0.0.1', port: 0 },
      log: createLog(name, 'debug', { write }),
      signal: stop.signal,
      leaseNamespace: 'default',
      leaseTiming: { leaseMs: 4000, renewDeadlineMs: 3000, retryMs: 500 },
      watches: { idleMs: 2000, retry: { baseMs: 20, maxMs: 300 }, watchSeconds: [3, 6] },
      onListening: ({ host, port }) => listening.resolve(`http://${host}:${port}`),
      ...options,
    },
  ).finally(() => through.close())
  return {
    url: await listening.promise,
    lines,
    end,
    stop: () => {
      stop.abort()
      return end
    },
  }
}

async function until<R>(probe: () => Promise<R | undefined>, ms = 45_000): Promise<R> {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(20)) {
    const result = await probe()
    if (result !== undefined) return result
  }
  throw new Error(`waited in vain for ${String(probe)}`)
}

const ready = (name: string, namespace = 'default') =>
  until(async () => {
    const found = await client.get(Widget, name, namespace)
    const done = found?.status?.observedGeneration === found?.metadata.generation
    return done ? found : undefined
  })

/** What a Deployment says of itself now; 0 where it says nothing yet. */
async function metric(url: string, series: string): Promise<number> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n')
  return Number(lines.find(line => line.startsWith(`${series} `))?.slice(series.length) ?? 0)
}

/** Requests that change something, but for the Lease's, since the last call. */
function writesSince() {
  const from = proxy.requests.length
  return () =>
    proxy.requests
      .slice(from)
      .filter(({ method, path }) => method !== 'GET' && !path.includes('/leases'))
      .map(({ method, path }) => `${method} ${path}`)
}

/** Has the API server wait before it deletes a Widget. */
async function onDeletion(test: Test, wait: (name: string) => Promise<void>): Promise<void> {
  const ca = await issueCa('webhook', new Date())
  const leaf = { commonName: 'webhook', usages: ['server' as const], ips: ['127.0.0.1'] }
  const { cert, key } = await issueLeaf(ca, leaf, new Date())
  let isAsked = false
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const review = (await json(request)) as { request: { uid: string; name: string } }
    const { uid, name: deleted } = review.request
    isAsked = true
    await wait(deleted)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ ...review, response: { uid, allowed: true } }))
  }
  const server = createServer({ cert, key }, (request, response) => {
    // Without an answer the deletion is refused, which the test then sees.
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const name = 'deletions.test.kradle.a5c.ai'
  await client.create(ValidatingWebhookConfiguration, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name },
    webhooks: [
      {
        name,
        clientConfig: {
          url: `https://127.0.0.1:${port}`,
          caBundle: Buffer.from(ca.cert).toString('base64'),
        },
        rules: [
          {
            apiGroups: [Widget.group],
            apiVersions: ['*'],
            operations: ['DELETE'],
            resources: ['widgets'],
          },
        ],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  } as KubernetesObject)
  test.teardown(async () => {
    await client.delete(ValidatingWebhookConfiguration, name)
    server.close()
    server.closeAllConnections()
  })
  await client.create(Widget, widget('probe', 'default', 'hello'))
  const path = apiPath(Widget, { name: 'probe', namespace: 'default' })
  await until(async () => {
    await client.raw({ method: 'DELETE', path, query: { dryRun: 'All' } })
    return isAsked ? true : undefined
  })
  await client.delete(Widget, 'probe', 'default')
}

t.test('the first reconcile of an object holds it, applies, and reports', async test => {
  const { stop, url } = await deployment('first', [widgetController])
  test.teardown(stop)
  await client.create(Widget, widget('one', 'default', 'hello'))
  const found = await ready('one')
  test.strictSame(found.metadata.finalizers, [WIDGET_FINALIZER])
  test.match(found.status, {
    phase: 'Ready',
    storage: 'etcd',
    observedGeneration: 1,
    conditions: [{ type: 'Ready', status: 'True', reason: 'Copied', observedGeneration: 1 }],
  })
  test.match(await client.get(ConfigMap, 'one', 'default'), {
    data: { text: 'hello' },
    metadata: { labels: { 'app.kubernetes.io/managed-by': 'kradle' } },
  })

  test.equal((await fetch(`${url}/readyz`)).status, 200)
  const { status, headers } = await fetch(`${url}/healthz`)
  test.equal(status, 200)
  test.equal(headers.get('connection'), 'close', 'nobody asks on a connection that is about to end')
  const metrics = await (await fetch(`${url}/metrics`)).text()
  for (const line of [
    /kradle_reconcile_total\{controller="widget",result="success"\} [1-9]/,
    /kradle_reconcile_duration_seconds_count\{controller="widget"\} [1-9]/,
    /kradle_queue_depth\{controller="widget"\} \d/,
    /kradle_cache_objects\{resource="widgets.test.kradle.a5c.ai"\} 1/,
    /kradle_cache_staleness_seconds\{resource="configmaps"\} \d/,
    /kradle_api_requests_total\{verb="apply",resource="configmaps",code="201"\} 1/,
    /nodejs_eventloop_lag_p99_seconds/,
  ])
    test.match(metrics, line)
})

t.test('nothing is written where nothing has to change', async test => {
  await client.delete(Widget, 'one', 'default')
  const first = await deployment('quiet', [widgetController])
  await client.create(Widget, widget('quiet', 'default', 'hello'))
  const before = await ready('quiet')
  const copy = await client.get(ConfigMap, 'quiet', 'default')
  // The process has to see its own writes first, or it tries in vain what it did already.
  await sleep(1000)
  const writes = writesSince()
  // A label of somebody else's wakes the controller up.
  await client.mergePatch(
    ConfigMap,
    { name: 'quiet', namespace: 'default' },
    { metadata: { annotations: { a: 'b' } } },
  )
  await client.mergePatch(
    Widget,
    { name: 'quiet', namespace: 'default' },
    { metadata: { labels: { a: 'b' } } },
  )
  await sleep(1000)
  test.strictSame(writes(), [], 'by a process that has done it itself')
  await first.stop()

  const second = await deployment('quiet', [widgetController])
  test.teardown(second.stop)
  const again = writesSince()
  await until(async () =>
    second.lines.some(({ msg }) => msg === 'became leader') ? true : undefined,
  )
  await sleep(1000)
  test.strictSame(again(), [], 'nor by the next one')
  const after = await client.get(Widget, 'quiet', 'default')
  test.strictSame(after?.status, before.status)
  test.strictSame(
    (await client.get(ConfigMap, 'quiet', 'default'))?.metadata.uid,
    copy?.metadata.uid,
  )
})

t.test('drift is repaired', async test => {
  const { stop } = await deployment('drift', [widgetController])
  test.teardown(stop)
  await client.create(Widget, widget('drift', 'default', 'hello'))
  await ready('drift')
  const target = { name: 'drift', namespace: 'default' }
  const text = async () => (await client.get(ConfigMap, 'drift', 'default'))?.data?.['text']
  const restored = () => until(async () => ((await text()) === 'hello' ? true : undefined))

  await client.mergePatch(ConfigMap, target, { data: { text: 'changed' } })
  await restored()
  await client.delete(ConfigMap, 'drift', 'default')
  await restored()
  await client.mergePatch(ConfigMap, target, {
    metadata: { labels: { 'app.kubernetes.io/managed-by': 'somebody' } },
  })
  await until(async () => {
    const found = await client.get(ConfigMap, 'drift', 'default')
    return found?.metadata.labels?.['app.kubernetes.io/managed-by'] === 'kradle' ? true : undefined
  })
  // Out of sight of the watch, which picks by this label.
  await client.mergePatch(ConfigMap, target, {
    metadata: { labels: { 'test.kradle.a5c.ai/widget': null } },
  })
  await until(async () => {
    const found = await client.get(ConfigMap, 'drift', 'default')
    return found?.metadata.labels?.['test.kradle.a5c.ai/widget'] === 'drift' ? true : undefined
  })
  await client.mergePatch(Widget, target, { spec: { text: 'other' } })
  await until(async () => ((await text()) === 'other' ? true : undefined))
  test.pass('data, object, label, and what the Widget says')
})

t.test('a finalizer holds a deleted object until the cleanup is done', async test => {
  const first = await deployment('finalizer', [widgetController])
  await client.create(Widget, widget('held', 'default', 'hello'))
  await ready('held')
  await first.stop()
  await client.delete(Widget, 'held', 'default')
  await sleep(200)
  const held = await client.get(Widget, 'held', 'default')
  test.ok(held?.metadata.deletionTimestamp, 'nobody is there to release it')
  await client
    .mergePatch(
      Widget,
      { name: 'held', namespace: 'default' },
      {
        metadata: { finalizers: [...(held?.metadata.finalizers ?? []), 'example.com/other'] },
      },
    )
    .then(
      () => test.fail('the API server should take no new finalizers'),
      () => {},
    )

  const second = await deployment('finalizer', [widgetController])
  test.teardown(second.stop)
  await until(async () => ((await client.get(Widget, 'held', 'default')) ? undefined : true))
  test.equal(await client.get(ConfigMap, 'held', 'default'), undefined, 'it cleaned up')
})

t.test('events tell of changes, once', async test => {
  const { stop } = await deployment('events', [widgetController])
  test.teardown(stop)
  const events = async () => {
    const { items } = await client.list(Event, {
      namespace: 'default',
      fieldSelector: 'involvedObject.name=talkative',
    })
    return items.map(({ reason, type, count }) => ({ reason, type, count }))
  }
  const target = { name: 'talkative', namespace: 'default' }
  await client.create(Widget, widget('talkative', 'default', 'hello'))
  await ready('talkative')
  await client.mergePatch(Widget, target, { spec: { text: 'hello again' } })
  const unchanged = await ready('talkative')
  await sleep(300)
  test.strictSame(await events(), [{ reason: 'Copied', type: 'Normal', count: 1 }])

  await sleep(1000)
  await client.mergePatch(Widget, target, { spec: { text: 'bad' } })
  const bad = await ready('talkative')
  test.not(
    bad.status?.conditions?.[0]?.lastTransitionTime,
    unchanged.status?.conditions?.[0]?.lastTransitionTime,
    'the condition turned',
  )
  await client.mergePatch(Widget, target, { spec: { text: 'good' } })
  await ready('talkative')
  await sleep(300)
  test.strictSame(
    (await events()).toSorted((a, b) => (a.reason < b.reason ? -1 : 1)),
    [
      { reason: 'Copied', type: 'Normal', count: 2 },
      { reason: 'TextIsBad', type: 'Warning', count: 1 },
    ],
  )
})

t.test('an error in reconcile is logged and tried again, and nothing is reported', async test => {
  const { stop, lines } = await deployment('errors', [widgetController])
  test.teardown(stop)
  await client.create(Widget, widget('broken', 'default', 'throw'))
  const failures = () => lines.filter(({ msg }) => msg === 'reconcile failed')
  await until(async () => (failures().length >= 4 ? true : undefined))
  test.match(failures()[0], {
    level: 'error',
    controller: 'widget',
    key: 'default/broken',
    err: { message: 'told to throw' },
  })
  test.equal((await client.get(Widget, 'broken', 'default'))?.status, undefined)
  await client.mergePatch(
    Widget,
    { name: 'broken', namespace: 'default' },
    { spec: { text: 'ok' } },
  )
  test.equal(
    (await ready('broken')).status?.phase,
    'Ready',
    'a mended object is dealt with at once',
  )
})

t.test('a write that was not declared is refused before it is sent', async test => {
  const { stop, lines } = await deployment('undeclared', [{ ...widgetController, writes: [] }])
  test.teardown(stop)
  await client.create(Widget, widget('undeclared', 'default', 'hello'))
  const line = await until(async () => lines.find(({ msg }) => msg === 'reconcile failed'))
  test.match(line['err'], { code: 'UndeclaredWrite' })
  test.equal(await client.get(ConfigMap, 'undeclared', 'default'), undefined)
})

t.test('two who write the same object both get their way', async test => {
  const other: Controller = {
    ...widgetController,
    name: 'other',
    finalizer: 'test.kradle.a5c.ai/other',
    reconcile: () => ({ finalizer: 'hold', effects: [{ type: 'count', key: 'one' }] }),
  }
  const counted: unknown[] = []
  const one = await deployment('one', [widgetController])
  const two = await deployment('two', [other], {
    executors: { count: async effect => void counted.push(effect) },
  })
  test.teardown(() => Promise.all([one.stop(), two.stop()]))
  const names = Array.from({ length: 20 }, (_, index) => `contested-${index}`)
  for (const name of names) void client.create(Widget, widget(name, 'default', 'hello'))
  for (const name of names) {
    const found = await until(async () => {
      const widgetNow = await client.get(Widget, name, 'default')
      return widgetNow?.metadata.finalizers?.length === 2 && widgetNow.status
        ? widgetNow
        : undefined
    })
    test.equal(found.status?.phase, 'Ready')
  }
  const conflicts = [...one.lines, ...two.lines].filter(
    ({ msg }) => msg === 'conflict, trying again',
  )
  test.comment(`${conflicts.length} conflicts`)
  test.notOk(
    [...one.lines, ...two.lines].some(({ level }) => level === 'error' || level === 'warn'),
    'conflicts are nothing to complain about',
  )
  test.ok(counted.length >= names.length)
  await Promise.all(
    names.map(name =>
      client.mergePatch(Widget, { name, namespace: 'default' }, { metadata: { finalizers: [] } }),
    ),
  )
})

t.test('a Secret that the API server complains about is not quoted', async test => {
  const canary = 'canary-9f2d'
  const error = (await client
    .raw({
      method: 'PATCH',
      path: '/api/v1/namespaces/default/secrets/leak',
      query: { fieldManager: 'test', force: true },
      contentType: 'application/apply-patch+yaml',
      body: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'leak' },
        data: { a: { canary } },
      },
    })
    .catch((reason: unknown) => reason)) as Error
  test.notMatch(`${error.message}${JSON.stringify(error)}${error.stack}`, canary)
})

t.test('what was made and deleted behind the back of a watch is made again', async test => {
  let blind = false
  proxy.decide = ({ query, path }) =>
    blind && query.has('watch') && path.includes('/configmaps')
      ? { type: 'error-event', code: 410, reason: 'Expired' }
      : undefined
  const { stop } = await deployment('blind', [widgetController])
  test.teardown(stop)
  await client.create(Widget, widget('before', 'default', 'one'))
  await until(() => client.get(ConfigMap, 'before', 'default'))
  blind = true
  proxy.dropAll()
  await sleep(500)
  // Between two lists: neither shows it.
  await client.create(Widget, widget('blink', 'default', 'two'))
  await until(() => client.get(ConfigMap, 'blink', 'default'))
  await client.delete(ConfigMap, 'blink', 'default')
  blind = false
  const again = await until(() => client.get(ConfigMap, 'blink', 'default'))
  test.equal(again.data?.['text'], 'two')
  proxy.decide = () => undefined
})

t.test('nothing is made for an object that was deleted before it could be held', async test => {
  let open = false
  let blind = false
  const tries = () =>
    proxy.requests.filter(
      ({ method, path }) => method === 'PATCH' && path.endsWith('/widgets/unheld'),
    ).length
  proxy.decide = ({ method, path, query }) => {
    if (blind && query.has('watch') && path.endsWith('/widgets')) return { type: 'drop' }
    const held = method === 'PATCH' && path.endsWith('/widgets/unheld')
    return held && !open ? { type: 'answer', code: 503, reason: 'ServiceUnavailable' } : undefined
  }
  test.teardown(() => (proxy.decide = () => undefined))
  // One at a time, so that the end of what came later is the end of what came first.
  const { stop } = await deployment('unheld', [widgetController], { concurrency: 1 })
  test.teardown(stop)
  await client.create(Widget, widget('unheld', 'default', 'hello'))
  await until(async () => (tries() > 0 ? true : undefined))
  blind = true
  proxy.dropAll()
  await client.delete(Widget, 'unheld', 'default')
  test.equal(await client.get(Widget, 'unheld', 'default'), undefined, 'nothing held it')
  open = true
  const before = tries()
  await until(async () => (tries() > before ? true : undefined))
  blind = false
  await client.create(Widget, widget('after-unheld', 'default', 'hello'))
  await ready('after-unheld')
  test.equal(await client.get(ConfigMap, 'unheld', 'default'), undefined)
})

t.test(
  'what was made for an object whose deletion overtook its finalizer is cleaned up',
  async test => {
    // Of the second, the controller hears that it holds it only when it is gone.
    const names = ['overtaken', 'overtaken-unheard']
    const asked = new Set<string>()
    const deleted = Promise.withResolvers<void>()
    const made = (name: string) =>
      proxy.requests.some(
        ({ method, path, code }) =>
          method === 'PATCH' && path.endsWith(`/configmaps/${name}`) && code === 201,
      )
    proxy.decide = ({ method, path }) => {
      const name = path.split('/').at(-1) ?? ''
      if (method !== 'PATCH' || !path.includes('/widgets/') || !names.includes(name))
        return undefined
      if (!asked.has(name)) return { type: 'answer', code: 503, reason: 'ServiceUnavailable' }
      return name === 'overtaken' ? undefined : { type: 'held-back', until: deleted.promise }
    }
    test.teardown(() => (proxy.decide = () => undefined))
    // The API server looks at finalizers before it asks, and not again.
    await onDeletion(test, async name => {
      asked.add(name)
      if (!names.includes(name)) return
      await until(async () =>
        (await client.get(Widget, name, 'default'))?.metadata.finalizers ? true : undefined,
      )
      if (name === 'overtaken') await until(async () => (made(name) ? true : undefined))
    })
    const { stop, url } = await deployment('overtaken', [widgetController])
    test.teardown(stop)
    for (const name of names) {
      await client.create(Widget, widget(name, 'default', 'hello'))
      const series = 'kradle_cache_objects{resource="widgets.test.kradle.a5c.ai"}'
      await until(async () =>
        proxy.requests.some(({ path }) => path.endsWith(`/widgets/${name}`)) ? true : undefined,
      )
      const before = await metric(url, series)
      await client.delete(Widget, name, 'default')
      test.equal(await client.get(Widget, name, 'default'), undefined, 'no finalizer held it')
      await until(async () => ((await metric(url, series)) === before - 1 ? true : undefined))
      if (name !== 'overtaken') deleted.resolve()
      await until(async () => (made(name) ? true : undefined))
      await until(async () => ((await client.get(ConfigMap, name, 'default')) ? undefined : true))
    }
  },
)

t.test('an object is let go only when no write without an answer can come any more', async test => {
  const lost = { 'late-drop': undefined, 'late-answer': 504 }
  const names = Object.keys(lost)
  const done = new Set<string>()
  proxy.faults = {}
  proxy.decide = ({ method, path }) => {
    const name = path.split('/').at(-1) ?? ''
    if (method !== 'PATCH' || !path.includes('/configmaps/') || !names.includes(name))
      return undefined
    // Only the first comes through.
    if (done.has(name)) return { type: 'answer', code: 429, reason: 'TooManyRequests' }
    done.add(name)
    const code = lost[name as keyof typeof lost]
    return { type: 'late', ms: 2000, ...(code !== undefined && { code }) }
  }
  test.teardown(() => (proxy.decide = () => undefined))
  const { stop } = await deployment('late', [widgetController])
  test.teardown(stop)
  for (const name of names) await client.create(Widget, widget(name, 'default', 'hello'))
  await until(async () => (done.size === names.length ? true : undefined))
  for (const name of names) await client.delete(Widget, name, 'default')
  await until(async () => (proxy.faults['late'] === names.length ? true : undefined))
  for (const name of names) {
    await until(async () => ((await client.get(Widget, name, 'default')) ? undefined : true))
    test.equal(await client.get(ConfigMap, name, 'default'), undefined, name)
  }
})

t.test('a new leader whose watch is behind makes nothing for what is gone', async test => {
  const other = await FaultProxy.start({
    server: controlPlane.server,
    credentials: controlPlane.adminCertificate,
  })
  test.teardown(() => other.close())
  let blind = false
  other.decide = ({ path, query }) =>
    blind && query.has('watch') && path.endsWith('/widgets') ? { type: 'drop' } : undefined
  const old = await deployment('handover', [widgetController])
  test.teardown(old.stop)
  await client.create(Widget, widget('handed', 'default', 'hello'))
  await ready('handed')
  const next = await deployment('handover', [widgetController], { concurrency: 1 }, other)
  test.teardown(next.stop)
  await until(async () => ((await fetch(`${next.url}/readyz`)).ok ? true : undefined))
  const cached = (resource: string) =>
    metric(next.url, `kradle_cache_objects{resource="${resource}"}`)
  const copies = await cached('configmaps')
  blind = true
  other.dropAll()
  await client.delete(Widget, 'handed', 'default')
  await until(async () => ((await client.get(Widget, 'handed', 'default')) ? undefined : true))
  await until(async () => ((await cached('configmaps')) === copies - 1 ? true : undefined))
  await old.stop()
  const looks = 'kradle_reconcile_total{controller="widget",result="success"}'
  const all = await cached('widgets.test.kradle.a5c.ai')
  await until(async () => ((await metric(next.url, looks)) >= all ? true : undefined))
  blind = false
  await client.create(Widget, widget('after-handed', 'default', 'hello'))
  await ready('after-handed')
  test.equal(await client.get(ConfigMap, 'handed', 'default'), undefined)
})

t.test('the state converges through a storm of faults', async test => {
  let storm = true
  proxy.faults = {}
  proxy.decide = ({ query, path }) => {
    if (!storm || path.includes('/leases')) return undefined
    if (Math.random() > (query.has('watch') ? 0.7 : 0.2)) return undefined
    const after = Math.floor(Math.random() * 4000)
    const faults: Fault[] = [
      { type: 'drop' },
      { type: 'drop', after },
      { type: 'answer', code: 429, reason: 'TooManyRequests', retryAfter: 1 },
      { type: 'answer', code: 503, reason: 'ServiceUnavailable' },
      ...(query.has('watch')
        ? ([
            { type: 'hang', after },
            { type: 'half-close', after },
            { type: 'answer', code: 410, reason: 'Expired' },
            { type: 'error-event', code: 410, reason: 'Expired' },
          ] as const)
        : []),
    ]
    return faults[Math.floor(Math.random() * faults.length)]
  }
  const { stop, lines } = await deployment('storm', [widgetController])
  test.teardown(stop)
  const began = performance.now()
  const from = proxy.requests.length
  const ms = (at: number) => `${Math.round(at - began)} ms`
  const names = Array.from({ length: 30 }, (_, index) => `storm-${index}`)
  for (const name of names) await client.create(Widget, widget(name, 'default', 'first'))
  for (const [index, name] of names.entries()) {
    await sleep(100)
    if (index % 5 === 0) await client.delete(Widget, name, 'default')
    else
      await client.mergePatch(
        Widget,
        { name, namespace: 'default' },
        { spec: { text: `text ${index}` } },
      )
    if (index % 7 === 0) await client.delete(ConfigMap, names[index - 1] ?? 'none', 'default')
  }
  await sleep(2000)
  storm = false
  const end = performance.now()
  const problem = async () => {
    for (const [index, name] of names.entries()) {
      const found = await client.get(Widget, name, 'default')
      const copy = await client.get(ConfigMap, name, 'default')
      if (index % 5 === 0) {
        if (found || copy) return `${found ? 'Widget' : 'ConfigMap'} ${name} is still there`
        continue
      }
      if (copy?.data?.['text'] !== `text ${index}`) return `${name} says ${copy?.data?.['text']}`
      if (found?.status?.observedGeneration !== found?.metadata.generation)
        return `the status of ${name} is old`
    }
    return undefined
  }
  let last: string | undefined = 'nothing'
  await until(
    async () => ((last = await problem()) === undefined ? true : undefined),
    60_000,
  ).catch(() => {})
  test.equal(last, undefined)
  test.comment(
    proxy.faults,
    `the storm was over after ${ms(end)}, all was well after ${ms(performance.now())}`,
  )
  const culprit = /storm-\d+/.exec(last ?? '')?.[0]
  if (culprit) {
    for (const { level, msg, key, name, time, err } of lines)
      if (key === `default/${culprit}` || name === culprit)
        test.comment(time, level, msg, (err as Error | undefined)?.message ?? '')
    for (const { method, path, at, code, fault = 'no fault' } of proxy.requests.slice(from))
      if (path.split('/').includes(culprit)) test.comment(ms(at), method, path, fault, code)
  }
  proxy.decide = () => undefined
})

t.test('a stop lets the running reconcile end', async test => {
  const begun = Promise.withResolvers<void>()
  const steps: string[] = []
  const slow: Controller = {
    ...widgetController,
    reconcile: () => ({
      effects: [{ type: 'slow', key: 'one' }],
      status: { phase: 'Slow', conditions: [] },
    }),
  }
  await client.create(Widget, widget('slow', 'default', 'hello'))
  const { stop } = await deployment('slow', [slow], {
    concurrency: 1,
    executors: {
      slow: async () => {
        begun.resolve()
        await sleep(500)
        steps.push('effect')
      },
    },
  })
  await begun.promise
  await stop()
  test.strictSame(steps, ['effect'], 'the one that ran, and no other')
})
