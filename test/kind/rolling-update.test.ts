import t from 'tap'
import { drillOrganization, kindCluster, writable, writing } from '#test/support/kind.ts'

t.setTimeout(1_200_000)

const cluster = kindCluster(t)
const { client } = cluster
const slug = await drillOrganization(client)
await writable(client, slug)

const serving = ['webhook', 'apiserver', 'admission-controller']
const restart = async (...names: readonly string[]) => {
  const targets = names.map(name => `deployment/${name}`)
  await cluster.asked('rollout', 'restart', ...targets, '-n', 'kradle-system')
  await cluster.settled(...names)
}

t.test('no write fails while every Deployment is updated', async t => {
  const writes = writing(t, client, slug)
  // Who answers requests one by one; who only works behind them all at once.
  for (const name of serving) {
    const before = writes.failures().length
    await restart(name)
    await Promise.all([writes.configuration.more(10), writes.activity.more(10)])
    t.equal(writes.failures().length, before, `${name} restarted`)
  }
  await restart(...(await cluster.deployments()).filter(name => !serving.includes(name)))
  for (const line of await writes.stop()) t.comment(line)
  t.strictSame(writes.failures(), [])
  t.ok(writes.configuration.writes.length > 20 && writes.activity.writes.length > 20)
})
