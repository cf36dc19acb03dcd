import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startControlPlane } from '#hack/local/control-plane.ts'
import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { loadClient } from '#src/lib/client.ts'
import { controller, watch, type Failure } from '#src/lib/controller.ts'
import { definitionOf } from '#src/lib/informers.ts'
import { createLog } from '#src/lib/log.ts'
import { runDeployment } from '#src/lib/manager.ts'
import { atRest } from '#test/support/at-rest.ts'
import { FaultProxy } from '#test/support/proxy.ts'
import { Client } from '#src/lib/client.ts'
import { Widget, widget, widgetDefinition } from '#test/support/widget.ts'

/** A kind of somebody else's, whose definition comes and goes. */
interface Gadget extends KubernetesObject {
  spec: { text: string; ballast?: string }
}

const Gadget: Kind<Gadget> = Object.freeze({
  group: 'other.kradle.a5c.ai',
  version: 'v1',
  kind: 'Gadget',
  plural: 'gadgets',
  namespaced: true,
})

const gadgetDefinition = {
  ...widgetDefinition,
  metadata: { name: 'gadgets.other.kradle.a5c.ai' },
  spec: {
    ...widgetDefinition.spec,
    group: Gadget.group,
    names: { plural: Gadget.plural, singular: 'gadget', kind: Gadget.kind },
    versions: widgetDefinition.spec.versions.map(version => ({
      ...version,
      schema: {
        openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    })),
  },
}

const controlPlane = await startControlPlane({ home: t.testdir(), unsafeNoFsync: true })
const client = loadClient({ kubeconfig: controlPlane.adminKubeconfig })
const proxy = await FaultProxy.start({
  server: controlPlane.server,
  credentials: controlPlane.adminCertificate,
})
const through = new Client(proxy.connection)
t.teardown(async () => {
  through.close()
  client.close()
  proxy.close()
  await controlPlane.stop()
})

const isThere = async (kind: Kind) => (await client.list(kind).catch(() => undefined)) !== undefined

async function until(what: string, holds: () => unknown, ms = 20_000): Promise<void> {
  for (const end = performance.now() + ms; !(await holds()); await sleep(20))
    if (performance.now() > end) throw new Error(`still not so that ${what}`)
}

await client.apply(CustomResourceDefinition, widgetDefinition, { fieldManager: 'test' })
await until('widgets are served', () => isThere(Widget))

const seen: { definition: boolean; gadgets: readonly Gadget[] }[] = []
const failures: Failure[] = []
/** Makes a Gadget for every Widget where there are such. */
const gadgeteer = controller(Widget, {
  name: 'gadgeteer',
  watches: [
    watch(Gadget, {
      optional: true,
      project: ({ spec: { text }, ...rest }) => ({ ...rest, spec: { text } }),
      toOwners: ({ metadata: { name, namespace } }) => [{ name, ...(namespace && { namespace }) }],
    }),
    watch(CustomResourceDefinition, {
      ...definitionOf(Gadget),
      toOwners: (_, cluster) => cluster.list(Widget).map(({ metadata }) => metadata),
    }),
  ],
  writes: [{ kind: Gadget, verbs: ['create', 'patch'] }],
  reconcile({ metadata: { name, namespace }, spec }, cluster) {
    const definition = cluster.get(CustomResourceDefinition, definitionOf(Gadget).name)
    const condition = (reason: string) => ({
      phase: reason,
      conditions: [{ type: 'Ready', status: 'True' as const, reason, message: reason }],
    })
    seen.push({ definition: definition !== undefined, gadgets: cluster.list(Gadget) })
    // One of them does not look whether there is something to make it of.
    if (!definition && name !== 'bold') return { status: condition('Missing') }
    return {
      apply: [
        {
          apiVersion: 'other.kradle.a5c.ai/v1',
          kind: 'Gadget',
          metadata: { name, ...(namespace && { namespace }) },
          spec,
        } as Gadget,
      ],
      status: condition('Made'),
      failed(failure) {
        failures.push(failure)
        return condition('NotTaken')
      },
    }
  },
})

const stop = new AbortController()
const lines: { level: number; msg: string; resource?: string }[] = []
const listening = Promise.withResolvers<void>()
const end = runDeployment(
  { name: 'gadgeteer', controllers: [gadgeteer] },
  {
    client: through,
    health: { host: '127.0.0.1', port: 0 },
    log: createLog('gadgeteer', 'debug', { write: line => lines.push(JSON.parse(line) as never) }),
    signal: stop.signal,
    leaseNamespace: 'default',
    // As in production: whoever waits for the next try would wait for half a minute.
    watches: { retry: { baseMs: 500, maxMs: 30_000 } },
    onListening: () => listening.resolve(),
  },
)
t.teardown(() => {
  stop.abort()
  return end
})
await listening.promise

const phaseOf = async (name: string) => (await client.get(Widget, name, 'default'))?.status?.phase
const listsOf = (path: string) =>
  proxy.requests.filter(({ path: at, query }) => at.endsWith(path) && !query.has('watch')).length
const install = () =>
  client.apply(CustomResourceDefinition, gadgetDefinition, { fieldManager: 'test' })

t.test('a kind that is not installed has no objects, and is not asked for in a loop', async t => {
  await client.create(Widget, widget('first', 'default', 'hello'))
  await until('it is said', async () => (await phaseOf('first')) === 'Missing')
  t.strictSame(seen.at(-1), { definition: false, gadgets: [] })
  const reconciles = await atRest(() => seen.length)
  const lists = listsOf('/gadgets')
  await sleep(5000)
  t.ok(listsOf('/gadgets') - lists <= 3, `${listsOf('/gadgets') - lists} lists in 5 s`)
  t.equal(seen.length, reconciles)
  t.strictSame(
    lines.filter(({ level }) => level > 30),
    [],
    'no warnings either',
  )
})

t.test('what the API server does not take is reported, and tried again', async t => {
  await client.create(Widget, widget('bold', 'default', 'hello'))
  await until('it is said', async () => (await phaseOf('bold')) === 'NotTaken')
  t.match(failures.at(-1), { code: 404, object: { kind: 'Gadget' } })
})

t.test('it is found as soon as its definition comes', async t => {
  // Long enough for the next try to be far away.
  await until('it looks seldom', () => listsOf('/gadgets') >= 6, 40_000)
  const from = performance.now()
  await install()
  await until('it is made', async () => (await phaseOf('first')) === 'Made')
  await until('the watch shows it', () => seen.at(-1)?.gadgets.length === 2)
  const ms = performance.now() - from
  t.ok(ms < 8000, `${Math.round(ms)} ms`)
  await until('the other one is made too', async () => (await phaseOf('bold')) === 'Made')
})

t.test('only what is wanted of an object is kept', async t => {
  const patch = { spec: { ballast: 'heavy' } }
  await client.mergePatch(Gadget, { name: 'first', namespace: 'default' }, patch)
  const before = seen.length
  await until('it was looked at again', () => seen.length > before)
  t.strictSame(seen.at(-1)?.gadgets.find(({ metadata }) => metadata.name === 'first')?.spec, {
    text: 'hello',
  })
})

t.test('its definition goes and comes back while everything is running', async t => {
  await client.delete(CustomResourceDefinition, gadgetDefinition.metadata.name)
  await until('it is said', async () => (await phaseOf('first')) === 'Missing')
  await until('nothing is left of it', () => seen.at(-1)?.gadgets.length === 0)
  await sleep(3000)
  await install()
  await until('it is made', async () => (await phaseOf('first')) === 'Made')
  await until('the watch shows it', () => seen.at(-1)?.gadgets.length === 2)
  t.pass()
})
