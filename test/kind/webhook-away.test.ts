import { command } from '#hack/command.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import { drillOrganization, kindCluster, writable } from '#test/support/kind.ts'
import { mapping, until } from '#test/support/running.ts'

const cluster = kindCluster(t)
const { asked, client, kubectl } = cluster
const slug = await drillOrganization(client)
await writable(client, slug)

const scale = (replicas: number) =>
  asked('scale', 'deployment/webhook', '-n', 'kradle-system', `--replicas=${replicas}`)
const write = () =>
  client
    .apply(IdentityMapping, mapping('away', slug), { fieldManager: 'drill', dryRun: true })
    .then(
      () => 'allowed',
      (error: Error) => error.message,
    )

t.test('with no webhook the cluster goes on, and organisations are not written to', async t => {
  await scale(0)
  t.teardown(() => scale(2))
  await until('no webhook is left', async () => {
    const of = 'app.kubernetes.io/component=webhook'
    const pods = await asked('get', 'pods', '-n', 'kradle-system', '-o', 'name', '-l', of)
    return pods.trim() === ''
  })
  t.match(await write(), /failed calling webhook/)

  await t.test('kube-system and namespaces of others are written to', async t => {
    for (const namespace of ['kube-system', 'default']) {
      const made = await kubectl('create', 'configmap', 'drill', '-n', namespace)
      t.equal(made.code, 0, made.stderr)
      const gone = await kubectl('delete', 'configmap', 'drill', '-n', namespace)
      t.equal(gone.code, 0, gone.stderr)
    }
    const pod = await kubectl('run', 'drill', '-n', 'default', '--image=none', '--dry-run=server')
    t.equal(pod.code, 0, pod.stderr)
  })

  await t.test('a node comes back from a restart', async t => {
    const node = cluster.nodes[1]!
    const stands = async () =>
      await asked(
        'get',
        'node',
        node,
        '-o',
        'jsonpath={.status.nodeInfo.bootID} {.status.conditions[?(@.type=="Ready")].status}',
      )
    await command('docker', ['restart', node])
    await sleep(5_000)
    const repair = process.env['KRADLE_KIND_REPAIR']
    // Routes that no daemon of a network keeps are gone.
    if (repair) await command('sh', ['-c', repair], { loud: true })
    await until('the node is Ready', async () => (await stands()).endsWith('True'), 180)
    const lease = async () =>
      asked('get', 'lease', node, '-n', 'kube-node-lease', '-o', 'jsonpath={.spec.renewTime}')
    const before = await lease()
    await until('its lease is renewed', async () => (await lease()) !== before, 60)
    t.pass('Ready')
  })

  const since = Date.now()
  await scale(2)
  await cluster.settled('webhook')
  await writable(client, slug)
  t.comment(`written again ${((Date.now() - since) / 1000).toFixed(0)} s after scaling up`)
  await cluster.settled()
})
