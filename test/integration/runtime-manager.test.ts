import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startControlPlane } from '#hack/local/control-plane.ts'
import { Event } from '#src/api/core/v1.ts'
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
) {
  const stop = new AbortController()
  const listening = Promise.withResolvers<string>()
  const lines: Record<string, unknown>[] = []
  const write = (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>)
  const through = new Client(proxy.connection)
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

async function until<R>(probe: () => Promise<R | undefined>, ms = 15_000): Promise<R> {
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

/** Requests that change something, but for the Lease's, since the last call. */
function writesSince() {
  const from = proxy.requests.length
  return () =>
    proxy.requests
      .slice(from)
      .filter(({ method, path }) => method !== 'GET' && !path.includes('/leases'))
      .map(({ method, path }) => `${method} ${path}`)
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
  test.equal((await fetch(`${url}/healthz`)).status, 200)
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
  const { stop } = await deployment('storm', [widgetController])
  test.teardown(stop)
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
    20_000,
  ).catch(() => {})
  test.equal(last, undefined)
  test.comment(proxy.faults)
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
