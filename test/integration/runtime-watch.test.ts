import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startControlPlane } from '#hack/local/control-plane.ts'
import { isExpired } from '#src/lib/api-error.ts'
import { loadClient, Client } from '#src/lib/client.ts'
import { keyOfObject } from '#src/lib/cluster.ts'
import { createLog } from '#src/lib/log.ts'
import { Reflector, type ReflectorOptions } from '#src/lib/reflector.ts'
import { FaultProxy, type Fault, type Seen } from '#test/support/proxy.ts'
import { ConfigMap } from '#test/support/widget.ts'

const controlPlane = await startControlPlane({ home: t.testdir(), unsafeNoFsync: true })
const direct = loadClient({ kubeconfig: controlPlane.adminKubeconfig })
const proxy = await FaultProxy.start({
  server: controlPlane.server,
  credentials: controlPlane.adminCertificate,
})
const client = new Client(proxy.connection)
const log = createLog('test', 'error')
t.teardown(async () => {
  client.close()
  direct.close()
  proxy.close()
  await controlPlane.stop()
})

/** Random, and the same again with the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

const isWatch = ({ query }: Seen) => query.has('watch')

const configMap = (name: string, home: string, step: number): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: home },
  // Characters of two, three and four bytes, so that cuts fall into them.
  data: { step: String(step), text: 'größe 東京 🚀 '.repeat(20 + (step % 50)) },
})

async function namespace(name: string): Promise<string> {
  await direct.raw({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
  })
  return name
}

const reflect = (options: Partial<ReflectorOptions<ConfigMap>>) =>
  new Reflector<ConfigMap>({
    client,
    kind: ConfigMap,
    log,
    idleMs: 1500,
    pageSize: 7,
    retry: { baseMs: 20, maxMs: 300 },
    watchSeconds: [3, 6],
    ...options,
  })

/** Waits until `probe` gives nothing to complain about any more; gives back the last complaint. */
async function settled(probe: () => Promise<string | undefined>, ms = 45_000) {
  const end = performance.now() + ms
  for (;;) {
    const problem = await probe()
    if (problem === undefined || performance.now() > end) return problem
    await sleep(50)
  }
}

/** How a store differs from what the API server has. */
async function difference(reflector: Reflector<ConfigMap>, home: string) {
  const { items } = await direct.list(ConfigMap, { namespace: home })
  const live = new Map(items.map(item => [keyOfObject(item), item.metadata.resourceVersion]))
  const stored = new Map(
    reflector.store.list().map(item => [keyOfObject(item), item.metadata.resourceVersion]),
  )
  const wrong = [...new Set([...live.keys(), ...stored.keys()])].filter(
    key => live.get(key) !== stored.get(key),
  )
  return wrong.length ? `${wrong.length} differ, e.g. ${wrong[0]}` : undefined
}

const versionOf = ({ metadata }: ConfigMap): bigint => BigInt(metadata.resourceVersion ?? 0)

/** Notes whatever is not in order about the changes that a handler is told of. */
function orderOf(reflector: Reflector<ConfigMap>) {
  const last = new Map<string, ConfigMap>()
  const problems: string[] = []
  let changes = 0
  reflector.onChange((old, now) => {
    changes++
    const key = keyOfObject((now ?? old) as ConfigMap)
    if (last.get(key) !== old) problems.push(`${key}: the old object is not the one told of last`)
    if (old && now && old.metadata.uid !== now.metadata.uid)
      problems.push(`${key}: two objects in one`)
    // Opaque to the product; a test may know that etcd counts.
    if (old && now && versionOf(old) >= versionOf(now))
      problems.push(`${key}: from ${versionOf(old)} to ${versionOf(now)}`)
    if (now) last.set(key, now)
    else last.delete(key)
  })
  return { problems, changes: () => changes }
}

/** Creates, changes, deletes and recreates objects until told to stop; counts what it did. */
async function write(home: string, random: () => number, until: () => boolean, pauseMs: number) {
  let writes = 0
  for (let step = 1; !until(); step++) {
    const name = `object-${Math.floor(random() * 40)}`
    const wish = random()
    try {
      if (wish < 0.2) await direct.delete(ConfigMap, name, home)
      else
        await direct.apply(ConfigMap, configMap(name, home, step), {
          fieldManager: 'writer',
          force: true,
        })
      writes++
    } catch {
      // Of two writers on one object one may lose; the other one's write counts.
    }
    await sleep(pauseMs * random() * 2)
  }
  return writes
}

/** One fault after the other, each while objects change. */
const faults: Record<string, { fault: (seen: Seen) => Fault | undefined; times?: number }> = {
  'a watch that is dropped': { fault: seen => (isWatch(seen) ? { type: 'drop' } : undefined) },
  'a watch cut within a line': {
    fault: seen => (isWatch(seen) ? { type: 'drop', after: 3000 } : undefined),
  },
  'a watch cut within a character': {
    fault: seen => (isWatch(seen) ? { type: 'cut-character' } : undefined),
  },
  'a watch that never opens': {
    fault: seen => (isWatch(seen) ? { type: 'hang', after: 0 } : undefined),
    times: 1,
  },
  'a watch that falls silent within a line': {
    fault: seen => (isWatch(seen) ? { type: 'hang', after: 5000 } : undefined),
    times: 2,
  },
  'a half-closed watch': {
    fault: seen => (isWatch(seen) ? { type: 'half-close', after: 4000 } : undefined),
  },
  'a watch that trickles in': {
    fault: seen => (isWatch(seen) ? { type: 'trickle', bytes: 5 } : undefined),
    times: 1,
  },
  'a watch refused with 410': {
    fault: seen => (isWatch(seen) ? { type: 'answer', code: 410, reason: 'Expired' } : undefined),
  },
  'a watch ended by an ERROR event 410': {
    fault: seen =>
      isWatch(seen) ? { type: 'error-event', code: 410, reason: 'Expired' } : undefined,
  },
  'a watch ended by an ERROR event 500': {
    fault: seen =>
      isWatch(seen) ? { type: 'error-event', code: 500, reason: 'InternalError' } : undefined,
    times: 8,
  },
  'a list whose continue token expires': {
    fault: seen => {
      if (isWatch(seen)) return { type: 'answer', code: 410, reason: 'Expired' }
      return seen.query.has('continue')
        ? { type: 'answer', code: 410, reason: 'Expired' }
        : undefined
    },
    times: 6,
  },
  'a list cut in the middle': {
    fault: seen =>
      isWatch(seen)
        ? { type: 'answer', code: 410, reason: 'Expired' }
        : { type: 'drop', after: 2000 },
    times: 6,
  },
}

t.test('a reflector gets over each fault while objects change', async test => {
  const home = await namespace('faults')
  for (let n = 0; n < 30; n++) await direct.create(ConfigMap, configMap(`object-${n}`, home, 0))
  const reflector = reflect({ namespace: home })
  const order = orderOf(reflector)
  reflector.start()
  test.teardown(() => reflector.stop())
  await reflector.synced()
  test.equal(await difference(reflector, home), undefined, 'the first list is complete')

  let step = 1000
  for (const [name, { fault, times = 3 }] of Object.entries(faults)) {
    const left = { times }
    proxy.decide = seen => {
      if (left.times <= 0 || !seen.path.includes(home)) return undefined
      const decided = fault(seen)
      if (decided) left.times--
      return decided
    }
    proxy.dropAll()
    const before = order.changes()
    // Writes go on until the fault has done what it can.
    const end = performance.now() + 10_000
    for (let writes = 0; (left.times > 0 || writes < 40) && performance.now() < end; writes++) {
      step++
      await direct.apply(ConfigMap, configMap(`object-${step % 40}`, home, step), {
        fieldManager: 'writer',
        force: true,
      })
      if (step % 5 === 0) await direct.delete(ConfigMap, `object-${(step * 7) % 40}`, home)
      await sleep(10)
    }
    test.equal(left.times, 0, `${name}: happened ${times} times`)
    test.equal(await settled(() => difference(reflector, home)), undefined, `${name}: converges`)
    test.ok(order.changes() > before, `${name}: changes were told of`)
  }
  test.strictSame(order.problems, [], 'changes of each object were told in order')
})

t.test('a reflector gets over everything at once, and a killed API server', async test => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  test.comment(`seed ${seed}`)
  const random = randomOf(seed)
  const home = await namespace('storm')
  const reflector = reflect({ namespace: home, watchSeconds: [1, 2] })
  const order = orderOf(reflector)
  proxy.faults = {}
  // One after the other, so that each has its turn.
  let next = 0
  proxy.decide = seen => {
    if (!seen.path.includes(home)) return undefined
    const after = Math.floor(random() * 20_000)
    const watchFaults: Fault[] = [
      { type: 'drop' },
      { type: 'drop', after },
      { type: 'hang', after },
      { type: 'half-close', after },
      { type: 'cut-character' },
      { type: 'trickle', bytes: 1 + Math.floor(random() * 9) },
      { type: 'answer', code: 410, reason: 'Expired' },
      { type: 'answer', code: 429, reason: 'TooManyRequests', retryAfter: 1 },
      { type: 'error-event', code: 410, reason: 'Expired' },
      { type: 'answer', code: 500, reason: 'InternalError' },
    ]
    const listFaults: Fault[] = [
      { type: 'drop' },
      { type: 'drop', after },
      { type: 'answer', code: 429, reason: 'TooManyRequests', retryAfter: 1 },
      { type: 'answer', code: 503, reason: 'ServiceUnavailable' },
    ]
    if (isWatch(seen)) return random() < 0.8 ? watchFaults[next++ % watchFaults.length] : undefined
    return random() < 0.3 ? listFaults[Math.floor(random() * listFaults.length)] : undefined
  }
  reflector.start()
  test.teardown(() => reflector.stop())

  let over = false
  const writers = [1, 2, 3].map(() => write(home, random, () => over, 15))
  await sleep(10_000)
  await controlPlane.kill('kube-apiserver', 'SIGKILL')
  await controlPlane.restart('kube-apiserver')
  await sleep(10_000)
  // Some need a watch through which enough has come, which on a busy machine takes a while.
  const kinds = () => Object.keys(proxy.faults).length
  await settled(async () => (kinds() >= 7 ? undefined : `faults of ${kinds()} kinds`), 60_000)
  over = true
  const writes = (await Promise.all(writers)).reduce((sum, count) => sum + count, 0)
  proxy.decide = () => undefined

  test.equal(await settled(() => difference(reflector, home)), undefined, 'the store converges')
  test.strictSame(order.problems, [], 'changes of each object were told in order')
  test.ok(writes > 200, 'there was something to miss')
  const { lists, watches, events } = reflector.counts
  test.comment({ writes, lists, watches, events, told: order.changes(), faults: proxy.faults })
  test.ok(Object.keys(proxy.faults).length >= 7, 'every kind of fault happened')
})

t.test('Retry-After is honoured', async test => {
  const home = await namespace('busy')
  const reflector = reflect({ namespace: home })
  let left = 1
  proxy.requests.length = 0
  proxy.decide = seen =>
    isWatch(seen) && seen.path.includes(home) && left-- > 0
      ? { type: 'answer', code: 429, reason: 'TooManyRequests', retryAfter: 2 }
      : undefined
  reflector.start()
  test.teardown(() => reflector.stop())
  await settled(async () => (reflector.counts.watches > 0 ? undefined : 'no watch yet'))
  const watches = proxy.requests.filter(seen => isWatch(seen) && seen.path.includes(home))
  const [first, second] = watches.map(({ at }) => at)
  test.equal(watches.length, 2)
  test.ok((second ?? 0) - (first ?? 0) >= 2000, 'the second watch came after two seconds')
  test.equal(reflector.counts.lists, 1, 'no list was needed')
})

t.test('a silent watch is cut and resumed, without another list', async test => {
  const home = await namespace('silent')
  proxy.decide = () => undefined
  const reflector = reflect({ namespace: home, watchSeconds: [60, 60], idleMs: 1000 })
  reflector.start()
  test.teardown(() => reflector.stop())
  await reflector.synced()
  await settled(async () => (reflector.counts.watches >= 4 ? undefined : 'too few watches'))
  test.equal(reflector.counts.lists, 1)
  await direct.create(ConfigMap, configMap('late', home, 1))
  test.equal(await settled(() => difference(reflector, home)), undefined)
})

t.test('a watch on which nothing happens stays fresh', async test => {
  const home = await namespace('quiet')
  proxy.decide = () => undefined
  // The controller manager puts a ConfigMap into every namespace.
  const first = async () => (await direct.list(ConfigMap, { namespace: home })).items[0]
  await settled(async () => ((await first()) ? undefined : 'no ConfigMap yet'))
  // The server sends a bookmark two seconds before the end, if it knows that time has passed.
  const reflector = reflect({ namespace: home, watchSeconds: [9, 9], idleMs: 10_000 })
  reflector.start()
  test.teardown(() => reflector.stop())
  await reflector.synced()
  const order = orderOf(reflector)
  const told = order.changes()
  await settled(async () => (reflector.counts.watches >= 2 ? undefined : 'still the first watch'))
  test.ok(reflector.counts.events > 0, 'a bookmark came')
  test.ok(reflector.stalenessSeconds() < 5)
  test.equal(order.changes(), told, 'of which nobody is told')
  test.equal(reflector.counts.lists, 1)
})

t.test('staleness grows while the server is out of reach', async test => {
  const home = await namespace('cut-off')
  proxy.decide = () => undefined
  const reflector = reflect({ namespace: home })
  reflector.start()
  test.teardown(() => reflector.stop())
  await reflector.synced()
  proxy.decide = seen => (seen.path.includes(home) ? { type: 'drop' } : undefined)
  proxy.dropAll()
  await sleep(2000)
  test.ok(reflector.stalenessSeconds() > 1.5)
  test.ok(reflector.hasSynced, 'what was known is still there')
  proxy.decide = () => undefined
})

t.test('the API server itself says 410 for a version that it has forgotten', async test => {
  const home = await namespace('forgotten')
  const watch = direct.watch(ConfigMap, {
    namespace: home,
    resourceVersion: '1',
    timeoutSeconds: 5,
    idleMs: 10_000,
    signal: new AbortController().signal,
    onEvent: () => {},
  })
  const error = await watch.catch((reason: unknown) => reason)
  test.ok(isExpired(error), 'and the client knows it as such')
})

t.test('objects picked by label come and go with their label', async test => {
  const home = await namespace('labels')
  const reflector = reflect({ namespace: home, labelSelector: 'color=red' })
  reflector.start()
  test.teardown(() => reflector.stop())
  await reflector.synced()
  const colored = (color: string) => {
    const object = configMap('one', home, 1)
    return { ...object, metadata: { ...object.metadata, labels: { color } } }
  }
  const options = { fieldManager: 'writer', force: true }
  await direct.apply(ConfigMap, colored('red'), options)
  const size = (count: number) => async () =>
    reflector.store.size === count ? undefined : `${reflector.store.size} objects`
  test.equal(await settled(size(1)), undefined)
  await direct.apply(ConfigMap, colored('blue'), options)
  test.equal(await settled(size(0)), undefined)
})

t.test('stop ends at once, whatever the watch is doing', async test => {
  const home = await namespace('stopped')
  for (const fault of [undefined, { type: 'hang', after: 0 }, { type: 'drop' }] as const) {
    proxy.decide = seen => (isWatch(seen) ? fault : undefined)
    const reflector = reflect({ namespace: home, retry: { baseMs: 60_000, maxMs: 60_000 } })
    reflector.start()
    await reflector.synced()
    await sleep(300)
    const startedAt = performance.now()
    await reflector.stop()
    test.ok(performance.now() - startedAt < 500, `with ${fault?.type ?? 'a healthy watch'}`)
  }
  proxy.decide = () => undefined
})
