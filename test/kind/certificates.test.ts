import { X509Certificate } from 'node:crypto'
import t from 'tap'
import { Secret } from '#src/api/core/v1.ts'
import { APISERVER_SECRET, PLATFORM_NAMESPACE, WEBHOOK_SECRET } from '#src/api/names.ts'
import { CHART, drillOrganization, kindCluster, writable, writing } from '#test/support/kind.ts'
import { until } from '#test/support/running.ts'

const cluster = kindCluster(t)
const { client } = cluster
const slug = await drillOrganization(client)
await writable(client, slug)

const SECRETS = [WEBHOOK_SECRET, APISERVER_SECRET]
const leaf = async (name: string) =>
  (await client.get(Secret, name, PLATFORM_NAMESPACE))?.data?.['tls.crt'] ?? ''
const DAY_MS = 24 * 60 * 60 * 1000
const lifeOf = async (name: string) => {
  const pem = Buffer.from(await leaf(name), 'base64')
  return Date.parse(new X509Certificate(pem).validTo) - Date.now()
}

t.test('no write fails while certificates are renewed, again and again', async t => {
  // A minute each, renewed after two thirds of that.
  const short = 'deployments.admission-controller.extraArgs={--certificate-seconds=60}'
  t.teardown(async () => {
    await cluster.upgrade(CHART, cluster.image)
    await cluster.settled('admission-controller')
    // One that lives for a minute would run out in the midst of the next drill.
    for (const name of SECRETS)
      await until(`${name} lives for long again`, async () => (await lifeOf(name)) > DAY_MS, 240)
    await writable(client, slug)
  })
  await cluster.upgrade(CHART, cluster.image, [short])
  await cluster.settled('admission-controller')
  // Those that are there live for months: what comes in their place does not.
  for (const name of SECRETS) {
    const before = await leaf(name)
    await client.delete(Secret, name, PLATFORM_NAMESPACE)
    await until(`${name} is there again`, async () => ![before, ''].includes(await leaf(name)))
  }
  await writable(client, slug)
  const writes = writing(t, client, slug)
  for (const name of SECRETS) {
    const seen = new Set<string>()
    await until(`${name} was renewed twice`, async () => seen.add(await leaf(name)).size > 2, 240)
  }
  for (const line of await writes.stop()) t.comment(line)
  t.strictSame(writes.failures(), [])
})
