import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startControlPlane } from '#hack/local/control-plane.ts'
import { Lease } from '#src/api/coordination/v1.ts'
import { loadClient } from '#src/lib/client.ts'
import { ConfigMap, CustomResourceDefinition, Widget, widget } from '#test/support/widget.ts'
import { widgetDefinition } from '#test/support/widget.ts'

const LEASE_MS = 4000
const RETRY_MS = 500

const controlPlane = await startControlPlane({ home: t.testdir(), unsafeNoFsync: true })
const client = loadClient({ kubeconfig: controlPlane.adminKubeconfig })
await client.apply(CustomResourceDefinition, widgetDefinition, { fieldManager: 'test' })
await served()
const processes = new Set<ChildProcess>()
t.teardown(async () => {
  for (const child of processes) child.kill('SIGKILL')
  client.close()
  await controlPlane.stop()
})

/** Waits until the API server knows widgets. */
async function served(): Promise<void> {
  while (!(await client.list(Widget).catch(() => undefined))) await sleep(50)
}

/** Starts a replica; gives back its identity once it leads. */
function replica() {
  const child = spawn(
    process.execPath,
    [
      'test/support/widget-deployment.ts',
      `--kubeconfig=${controlPlane.adminKubeconfig}`,
      '--health=127.0.0.1:0',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  processes.add(child)
  const lines: Record<string, unknown>[] = []
  let rest = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts.map(line => JSON.parse(line) as Record<string, unknown>))
  })
  const exit = once(child, 'exit').then(([code]) => {
    processes.delete(child)
    return code as number | null
  })
  const said = (message: string) => lines.find(({ msg }) => msg === message)
  return { child, exit, lines, said }
}

async function until<R>(probe: () => Promise<R | undefined> | R | undefined, ms = 20_000) {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(20)) {
    const result = await probe()
    if (result !== undefined) return result
  }
  throw new Error('waited in vain')
}

const holder = async () =>
  (await client.get(Lease, 'widget-controller', 'default'))?.spec?.holderIdentity

/** Whether somebody is at work: a new Widget gets its ConfigMap. */
async function works(name: string) {
  await client.create(Widget, widget(name, 'default', 'hello'))
  return until(async () => (await client.get(ConfigMap, name, 'default')) && true)
}

t.test('one of two leads, and the other takes over', async test => {
  const first = replica()
  await until(() => first.said('became leader'))
  const second = replica()
  await until(() => second.said('synced'))
  test.equal(await works('one'), true)
  await sleep(RETRY_MS * 3)
  test.notOk(second.said('became leader'), 'the second one waits')
  test.equal(await holder(), first.said('became leader')?.['identity'])

  const killedAt = performance.now()
  first.child.kill('SIGKILL')
  await until(() => second.said('became leader'))
  const took = performance.now() - killedAt
  test.comment(`SIGKILL: taken over after ${Math.round(took)} ms`)
  test.ok(took > LEASE_MS - RETRY_MS * 1.2 - 500, 'not before the Lease could have expired')
  test.ok(took < LEASE_MS + RETRY_MS * 2.4 + 1500, 'and not much later')
  test.equal(await works('two'), true)

  const third = replica()
  await until(() => third.said('synced'))
  const stoppedAt = performance.now()
  second.child.kill('SIGTERM')
  test.equal(await second.exit, 0, 'SIGTERM ends it without an error')
  await until(() => third.said('became leader'))
  const handed = performance.now() - stoppedAt
  test.comment(`SIGTERM: handed over after ${Math.round(handed)} ms`)
  test.ok(handed < RETRY_MS * 2.4 + 1000, 'at once, as the Lease was released')
  test.equal(await works('three'), true)

  third.child.kill('SIGTERM')
  test.equal(await third.exit, 0)
  test.equal(await holder(), '', 'the Lease is free again')
})

t.test('a leader whose Lease is stolen exits, and nobody works until it is free', async test => {
  const first = replica()
  await until(() => first.said('became leader'))
  await client.mergePatch(
    Lease,
    { name: 'widget-controller', namespace: 'default' },
    { spec: { holderIdentity: 'thief', renewTime: new Date().toISOString().replace('Z', '000Z') } },
  )
  const stolenAt = performance.now()
  test.equal(await first.exit, 1, 'it exits with an error')
  test.ok(performance.now() - stolenAt < RETRY_MS * 1.2 + 1500, 'as soon as it would have renewed')
  test.match(first.said('stopped')?.['err'], { code: 'LeaseLost', message: /held by thief/ })

  const second = replica()
  await until(() => second.said('synced'))
  const seenAt = performance.now()
  await until(() => second.said('became leader'))
  test.ok(performance.now() - seenAt > LEASE_MS - 1500, 'the thief had its time')
  test.equal(await works('four'), true)
  second.child.kill('SIGTERM')
  await second.exit
})

t.test(
  'a leader that cannot reach the API server gives up before others may take over',
  async test => {
    const first = replica()
    await until(() => first.said('became leader'))
    await controlPlane.kill('kube-apiserver', 'SIGSTOP')
    const frozenAt = performance.now()
    test.equal(await first.exit, 1)
    const gaveUp = performance.now() - frozenAt
    test.comment(`gave up after ${Math.round(gaveUp)} ms`)
    test.ok(gaveUp < LEASE_MS + 500)
    test.match(first.said('stopped')?.['err'], { code: 'LeaseLost' })
    await controlPlane.kill('kube-apiserver', 'SIGKILL')
    await controlPlane.restart('kube-apiserver')
  },
)

t.test('of many who start together one leads', async test => {
  await client.delete(Lease, 'widget-controller', 'default')
  const replicas = [replica(), replica(), replica()]
  await until(() => (replicas.every(({ said }) => said('synced')) ? true : undefined))
  await until(() => replicas.find(({ said }) => said('became leader')))
  await sleep(LEASE_MS)
  test.equal(replicas.filter(({ said }) => said('became leader')).length, 1)
  for (const { child } of replicas) child.kill('SIGTERM')
  for (const { exit } of replicas) test.equal(await exit, 0)
})
