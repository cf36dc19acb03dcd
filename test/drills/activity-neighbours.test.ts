import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { deciding } from '#hack/local/kradle.ts'
import { Issue } from '#src/api/activity/v1alpha1.ts'
import { ConfigMap, Namespace, ResourceQuota } from '#src/api/core/v1.ts'
import { orgNamespace } from '#src/api/names.ts'
import { issue } from '#test/support/drills/issues.ts'
import { createOrganization, running, until } from '#test/support/running.ts'

// An aggregated API server that is away must hurt nobody but those who want something of it. In Kubernetes it hurts everybody
// whose controllers look at all there is: quotas, and the deletion of namespaces. How much, and for how long?

/** How long it is away, in seconds. */
const AWAY = Number(process.env['DRILL_AWAY_SECONDS'] ?? 10)

const outages = ['stopped', 'hung', 'without PostgreSQL'] as const
const slugs = ['stopped', 'hung', 'dry']

const { kradle, client, database, kubectl } = await running(t, {
  processes: [...deciding, { name: 'apiserver', flags: ['--drain-seconds', '0'] }],
})
for (const slug of ['acme', ...slugs]) await createOrganization(client, slug)

const configMap = (namespace: string, name: string): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace, name },
  data: { a: 'b' },
})
const quota = (namespace: string, name: string): ResourceQuota => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { namespace, name },
  spec: { hard: { 'count/configmaps': '50', 'count/issues.activity.kradle.a5c.ai': '50' } },
})
const used = async (name: string, resource = 'configmaps') =>
  (await client.get(ResourceQuota, name, acme))?.status?.used?.[`count/${resource}`]
const ISSUES = 'issues.activity.kradle.a5c.ai'
const acme = orgNamespace('acme')

await client.create(ResourceQuota, quota(acme, 'standing'))
await client.create(Issue, issue('acme', 'one', 'counted'))
// Only who watches our objects can be held up by us. It counts anew when something goes, not when something comes.
await until(
  'issues are counted',
  async () => {
    await client.create(Issue, issue('acme', 'passing', 'goes at once'))
    await client.delete(Issue, 'passing', acme)
    await sleep(1_000)
    return (await used('standing', ISSUES)) === '1'
  },
  90,
)
for (const index of outages.keys()) await client.create(ConfigMap, configMap(acme, `kept-${index}`))
let count = Number(await used('standing'))

const ways = {
  stopped: {
    leave: () => kradle.kill('apiserver', 'SIGTERM'),
    back: () => kradle.restart('apiserver'),
  },
  hung: {
    leave: () => kradle.kill('apiserver', 'SIGSTOP'),
    back: () => kradle.kill('apiserver', 'SIGCONT'),
  },
  'without PostgreSQL': { leave: () => database!.kill(), back: () => database!.restart() },
} as const

const seconds = async (what: string, holds: () => Promise<boolean>, within: number) => {
  const since = performance.now()
  await until(what, holds, within)
  return `${((performance.now() - since) / 1000).toFixed(1)} s`
}

for (const [index, outage] of outages.entries())
  t.test(`the rest of the cluster, with kradle-apiserver ${outage}`, async t => {
    const unrelated = `unrelated-${index}`
    const org = orgNamespace(slugs[index]!)
    await client.create(Namespace, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: unrelated },
    })
    await client.create(ConfigMap, configMap(unrelated, 'one'))
    await client.create(Issue, issue(slugs[index]!, 'one', 'goes with its namespace'))

    const { leave, back } = ways[outage]
    await leave()
    const left = performance.now()
    // Whoever looks sees that it is gone.
    await sleep(1_000)
    // What comes is counted by admission, what goes by the controller.
    await client.delete(ConfigMap, `kept-${index}`, acme)
    count--
    const counted = await seconds(
      'the quota counts on',
      async () => Number(await used('standing')) === count,
      30,
    )
    await client.create(ResourceQuota, quota(acme, `new-${index}`))
    const begun = await seconds(
      'a new quota counts',
      async () => Number(await used(`new-${index}`)) === count,
      30,
    ).catch(error => String(error))
    t.comment(`a quota counted on after ${counted}, a new one after ${begun}`)

    const uids = new Map<string, string | undefined>()
    for (const namespace of [unrelated, org]) {
      uids.set(namespace, (await client.get(Namespace, namespace))?.metadata.uid)
      const { code, stderr } = await kubectl(['delete', 'namespace', namespace, '--wait=false'])
      t.equal(code, 0, stderr)
    }
    await sleep(Math.max(0, AWAY * 1000 - (performance.now() - left)))
    const early = (await client.get(Namespace, unrelated)) === undefined
    await back()
    t.comment(
      `it was away for ${((performance.now() - left) / 1000).toFixed(0)} s; the unrelated namespace ` +
        (early ? 'went meanwhile' : 'waited'),
    )
    for (const namespace of [unrelated, org]) {
      const took = await seconds(
        `namespace ${namespace} is gone`,
        // Its organisation is still there, and gets another one.
        async () => (await client.get(Namespace, namespace))?.metadata.uid !== uids.get(namespace),
        60,
      )
      t.comment(`${namespace} was gone ${took} after that`)
    }
    t.equal((await client.list(Issue, { namespace: org })).items.length, 0)
  })
