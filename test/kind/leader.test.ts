import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { command } from '#hack/command.ts'
import { AUDIT_LOG } from '#hack/kind/audited.ts'
import { accountOf, eventsIn, podOf } from '#hack/kind/audit-events.ts'
import { turnsOf } from '#hack/kind/turns.ts'
import { Lease } from '#src/api/coordination/v1.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { drillOrganization, kindCluster, writable } from '#test/support/kind.ts'
import { createOrganization, until } from '#test/support/running.ts'
import { Organization } from '#src/api/identity/v1alpha1.ts'

const NAME = 'identity-controller'
const cluster = kindCluster(t)
const { asked, client } = cluster
await drillOrganization(client)
await writable(client, 'drill')

const scale = (replicas: number) =>
  asked('scale', `deployment/${NAME}`, '-n', PLATFORM_NAMESPACE, `--replicas=${replicas}`)

/** `<Pod>_<random>`. */
const holder = async () =>
  (await client.get(Lease, NAME, PLATFORM_NAMESPACE))?.spec?.holderIdentity ?? ''
const podOfHolder = async () => (await holder()).split('_')[0]!

/** Runs a script on the node of whoever leads; it is told how to find the process. */
async function toHolder(script: (pid: string) => string): Promise<string> {
  const pod = await podOfHolder()
  const node = await asked(
    'get',
    'pod',
    pod,
    '-n',
    PLATFORM_NAMESPACE,
    '-o',
    'jsonpath={.spec.nodeName}',
  )
  const pid = `$(crictl inspect -o go-template --template '{{.info.pid}}' $(crictl ps -q --label io.kubernetes.pod.name=${pod}))`
  return command('docker', ['exec', node, 'sh', '-ec', script(pid)])
}

t.test('of two replicas one works at any time, whoever of them is killed', async t => {
  const began = new Date().toISOString()
  await scale(2)
  t.teardown(() => scale(1))
  await cluster.settled(NAME)
  await until('somebody leads', async () => (await holder()) !== '')

  // Something to do all the time: organisations are made and taken away, each some dozen writes.
  const over = new AbortController()
  const slugs: string[] = []
  const busy = (async () => {
    for (let index = 0; !over.signal.aborted; index++) {
      const slug = `lead-${index}-${Date.now().toString(36)}`
      slugs.push(slug)
      await createOrganization(client, slug)
    }
  })()
  t.teardown(() => over.abort())

  const ways: [string, () => Promise<unknown>][] = [
    ['its process is killed', () => toHolder(pid => `kill -KILL ${pid}`)],
    [
      'its Pod is deleted at once',
      async () =>
        asked(
          'delete',
          'pod',
          await podOfHolder(),
          '-n',
          PLATFORM_NAMESPACE,
          '--grace-period=0',
          '--force',
        ),
    ],
    [
      'its process stands still for longer than its Lease lasts',
      () => toHolder(pid => `pid=${pid}; kill -STOP $pid; sleep 25; kill -CONT $pid`),
    ],
  ]
  for (const [what, kill] of ways) {
    const before = await holder()
    const since = Date.now()
    await Promise.all([
      kill(),
      until(`another leads after ${what}`, async () => {
        const now = await holder()
        return now !== '' && now !== before
      }),
    ])
    t.comment(`${what}: another leads after ${((Date.now() - since) / 1000).toFixed(0)} s`)
    const made = slugs.length
    await until('the other one works', async () => slugs.length > made + 1, 120)
  }
  over.abort()
  await busy
  await sleep(1000)

  const log = await command('docker', ['exec', `${cluster.name}-control-plane`, 'cat', AUDIT_LOG])
  const events = eventsIn(log).filter(
    event => accountOf(event) === NAME && event.requestReceivedTimestamp > began,
  )
  const turns = turnsOf(events)
  for (const { pod, from, to, writes } of turns)
    t.comment(`${pod}: ${writes} writes from ${from.slice(11, 23)} to ${to.slice(11, 23)}`)
  t.ok(turns.length > ways.length, 'each of them had its turn')
  const pods = new Set(events.map(podOf))
  t.ok(pods.size >= 2, 'by more than one Pod')
  // One that was killed may come back under the same name, never while another has its turn.
  for (const [index, turn] of turns.entries()) {
    const next = turns[index + 1]
    if (next) t.ok(turn.to <= next.from, `${turn.pod} had ended when ${next.pod} began`)
  }
  for (const slug of slugs) {
    await client.mergePatch(
      Organization,
      { name: slug, namespace: PLATFORM_NAMESPACE },
      { metadata: { annotations: { 'kradle.a5c.ai/confirm-delete': slug } } },
    )
    await client.delete(Organization, slug, PLATFORM_NAMESPACE)
  }
})
