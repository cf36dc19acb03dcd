import type { X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import t from 'tap'
import {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
  type WebhookConfiguration,
} from '#src/api/admissionregistration/v1.ts'
import { Event, Secret } from '#src/api/core/v1.ts'
import { IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import { PLATFORM_NAMESPACE, WEBHOOK_CONFIGURATION, WEBHOOK_SECRET } from '#src/api/names.ts'
import { createLog } from '#src/lib/log.ts'
import { parseBundle } from '#src/lib/pem.ts'
import { Reflector } from '#src/lib/reflector.ts'
import { Balancer } from '#test/support/balancer.ts'
import { Load, tally } from '#test/support/load.ts'
import { createOrganization, running, mapping, until } from '#test/support/running.ts'

// Certificates that live for a minute, two webhook servers, and writes all the while.

const LIFE_SECONDS = 60
const PER_SECOND = 50
/** How much later than it runs out an authority may still be in a bundle. */
const GRACE_MS = 20_000
const BROKEN = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'

const balancer = await Balancer.start()
t.teardown(() => balancer.close())
const replicas = ['webhook', 'webhook-2']
const { kradle, client } = await running(t, {
  webhookUrl: balancer.url,
  processes: [
    { name: 'webhook' },
    { name: 'webhook', id: 'webhook-2' },
    { name: 'admission-controller', flags: ['--certificate-seconds', String(LIFE_SECONDS)] },
    { name: 'identity-controller' },
  ],
})
balancer.balance(replicas.map(id => ({ id, url: kradle.webhook(id), health: kradle.health(id) })))
await until('both serve', async () => balancer.ready.length === 2, 60)
await createOrganization(client, 'acme')

/** Every private key there has been, PEM. */
const keys = new Set<string>()
const secrets = new Reflector<Secret>({
  client,
  kind: Secret,
  log: createLog('test', 'error'),
  namespace: PLATFORM_NAMESPACE,
  fieldSelector: `metadata.name=${WEBHOOK_SECRET}`,
})
secrets.onChange((_, secret) => {
  for (const name of ['tls.key', 'next.key']) {
    const key = decode(secret?.data?.[name])
    if (key) keys.add(key)
  }
})
secrets.start()
t.teardown(() => secrets.stop())
await secrets.synced()

const load = (prefix: string) =>
  new Load(PER_SECOND, index =>
    client.create(IdentityMapping, mapping(`${prefix}-${index}`), { timeoutMs: 30_000 }),
  )

/** Watches from outside that nobody ever serves what the API servers would not trust. */
class Witness {
  looks = 0
  readonly problems: string[] = []
  /** Serial numbers of the leaves, in order, by replica. */
  readonly served = new Map<string, Set<string>>()
  /** When each authority that was ever published runs out, by fingerprint. */
  readonly authorities = new Map<string, number>()
  readonly #pids = new Map(replicas.map(id => [id, kradle.pid(id)]))

  async look(): Promise<void> {
    const before = await bundles()
    const leaves = await Promise.all(
      replicas.map(async id => ({ id, ...(await handshake(id, before)) })),
    )
    const after = await bundles()
    // What was live at the moment of the handshake is known only where nothing changed around it.
    if (before.join() !== after.join()) return
    this.looks++
    for (const { id, serial, distrust } of leaves) {
      const serials = this.served.get(id) ?? new Set()
      this.served.set(id, serials.add(serial))
      for (const problem of distrust) this.problems.push(`${id} ${serial}: ${problem}`)
    }
    for (const ca of before.flatMap(parseBundle)) {
      this.authorities.set(ca.fingerprint256, ca.validToDate.getTime())
      if (ca.validToDate.getTime() + GRACE_MS < Date.now())
        this.problems.push(`${ca.subject} is published, expired since ${ca.validTo}`)
    }
    await sleep(200)
  }

  restarts(): string[] {
    return replicas.filter(id => kradle.pid(id) !== this.#pids.get(id))
  }
}

t.test('three rotations cost no write', async t => {
  const writes = load('rotation')
  const witness = new Witness()
  const rotated = () =>
    replicas.every(id => (witness.served.get(id)?.size ?? 0) >= 4) &&
    [...witness.authorities.values()].filter(end => end < Date.now() - GRACE_MS).length >= 2
  await until(
    'the certificate of both has changed three times, and two authorities are past',
    async () => {
      await witness.look()
      return rotated()
    },
    600,
  )
  await writes.more(100)
  await writes.stop()
  t.comment(writes.summary('three rotations'))
  t.comment(
    `${witness.looks} looks at bundles and handshakes, ${witness.authorities.size} authorities`,
  )
  t.strictSame(tally(writes.failures), [])
  t.strictSame(witness.problems, [], 'what is served is trusted, and what has expired is not')
  const [one, other] = replicas.map(id => [...witness.served.get(id)!].slice(0, 4))
  t.strictSame(one, other, 'both serve the same, one after the other')
})

/** What may become of the Secret, and what is left of the old one. */
const accidents: Record<string, () => Promise<unknown>> = {
  'is deleted': () => client.delete(Secret, WEBHOOK_SECRET, PLATFORM_NAMESPACE),
  'is overwritten': () =>
    client.mergePatch(
      Secret,
      { name: WEBHOOK_SECRET, namespace: PLATFORM_NAMESPACE },
      { data: { 'tls.crt': encode(BROKEN), 'ca.crt': encode(BROKEN), 'next.crt': null } },
    ),
}
for (const [what, happen] of Object.entries(accidents))
  t.test(`a Secret that ${what} is made again without a failed write`, async t => {
    const writes = load(what.replaceAll(' ', '-'))
    const witness = new Witness()
    await writes.more(100)
    const [before] = await served()
    await happen()
    await until(
      'both serve a new certificate',
      async () => {
        await witness.look()
        const now = await served()
        return now.every(leaf => leaf !== before) && new Set(now).size === 1
      },
      60,
    )
    await writes.more(200)
    await writes.stop()
    t.comment(writes.summary(`a Secret that ${what}`))
    t.strictSame(tally(writes.failures), [])
    t.strictSame(witness.problems, [])
    const secret = await client.get(Secret, WEBHOOK_SECRET, PLATFORM_NAMESPACE)
    t.ok(secret?.data?.['tls.key'])
    t.strictSame(witness.restarts(), [])
  })

t.test('a replica is not ready while the live caBundle does not trust it', async t => {
  const pids = replicas.map(id => kradle.pid(id))
  const says = async (id: string) => {
    const answer = await fetch(`${kradle.health(id)}/readyz`)
    return `${answer.status} ${(await answer.text()).trim()}`
  }
  const distrusts = '503 the live webhook configurations do not trust the certificate'
  for (const [what, bundle] of Object.entries({ empty: '', 'no certificate': BROKEN })) {
    await kradle.kill('admission-controller', 'SIGTERM')
    for (const kind of [ValidatingWebhookConfiguration, MutatingWebhookConfiguration]) {
      await setBundle(kind, bundle)
      // One of the two is enough.
      for (const id of replicas)
        await until(`${id} says so (${what})`, async () => (await says(id)) === distrusts)
    }
    await until('no connection goes to either', async () => balancer.ready.length === 0)
    await kradle.restart('admission-controller')
    for (const id of replicas)
      await until(`${id} is ready again (${what})`, async () => (await says(id)) === '200 ok', 60)
  }
  t.strictSame(
    replicas.map(id => kradle.pid(id)),
    pids,
    'no process died of it',
  )
})

t.test('a caBundle that an admin wipes is put back', async t => {
  for (const kind of [ValidatingWebhookConfiguration, MutatingWebhookConfiguration]) {
    const began = performance.now()
    await setBundle(kind, '')
    await until(`the bundle of the ${kind.kind} is back`, async () =>
      (await bundlesOf(kind)).every(bundle => bundle !== ''),
    )
    t.comment(`${kind.kind}: back after ${(performance.now() - began).toFixed(0)} ms`)
  }
  await until('both serve', async () => balancer.ready.length === 2)
  await until('writes pass again', () =>
    client.create(IdentityMapping, mapping('after-the-wipe')).then(
      () => true,
      () => false,
    ),
  )
  const witness = new Witness()
  for (let look = 0; look < 5; look++) await witness.look()
  t.strictSame(witness.problems, [])
})

t.test('no private key shows in logs, events or metrics', async t => {
  const texts: Record<string, string> = {}
  const logs = dirname(kradle.log('webhook'))
  for (const file of readdirSync(logs)) texts[file] = readFileSync(join(logs, file), 'utf8')
  for (const id of [...replicas, 'admission-controller', 'identity-controller'])
    texts[`metrics of ${id}`] = await (await fetch(`${kradle.health(id)}/metrics`)).text()
  texts['events'] = JSON.stringify(await client.list(Event))
  t.ok(keys.size >= 6, `${keys.size} keys were seen`)
  t.match(texts['webhook.log'], 'serving certificate', 'the logs are the right ones')
  t.match(texts['admission-controller.log'], 'issued a certificate')
  for (const [name, text] of Object.entries(texts))
    t.strictSame(
      [...keys].flatMap(traces).filter(trace => text.includes(trace)),
      [],
      name,
    )
})

/** Shakes hands with a replica once for every bundle, as an API server with that bundle would. */
async function handshake(
  id: string,
  trusted: readonly string[],
): Promise<{ serial: string; distrust: string[] }> {
  const tries = await Promise.all(trusted.map(ca => shake(kradle.webhook(id), ca)))
  const serials = new Set(tries.map(({ leaf }) => leaf.serialNumber))
  return {
    serial: [...serials].at(-1)!,
    distrust: tries.flatMap(({ error }) => (error ? [error] : [])),
  }
}

function shake(url: string, ca: string): Promise<{ leaf: X509Certificate; error: string }> {
  const { hostname: host, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), ca, rejectUnauthorized: false }, () => {
      const leaf = socket.getPeerX509Certificate()
      const error = socket.authorized ? '' : String(socket.authorizationError)
      socket.destroy()
      if (leaf) resolve({ leaf, error })
      else reject(new Error(`${url} showed no certificate`))
    })
    socket.on('error', reject)
  })
}

function served(): Promise<string[]> {
  return Promise.all(replicas.map(async id => (await handshake(id, [''])).serial))
}

async function bundles(): Promise<string[]> {
  const kinds = [ValidatingWebhookConfiguration, MutatingWebhookConfiguration]
  return (await Promise.all(kinds.map(bundlesOf))).flat()
}

async function bundlesOf(kind: typeof ValidatingWebhookConfiguration): Promise<string[]> {
  const configuration = await client.get(kind, WEBHOOK_CONFIGURATION)
  return (configuration?.webhooks ?? []).map(({ clientConfig }) => decode(clientConfig.caBundle))
}

/** As an admin would, who knows nothing of the controller. */
async function setBundle(kind: typeof ValidatingWebhookConfiguration, pem: string): Promise<void> {
  const { webhooks = [] } = (await client.get(kind, WEBHOOK_CONFIGURATION)) as WebhookConfiguration
  const patch = {
    webhooks: webhooks.map(webhook => ({
      ...webhook,
      clientConfig: { ...webhook.clientConfig, caBundle: encode(pem) },
    })),
  }
  await client.mergePatch(kind, { name: WEBHOOK_CONFIGURATION }, patch)
}

/** Pieces of the secret part of a key, as PEM and as a Secret's data holds it. */
function traces(pem: string): string[] {
  // 48 characters say what kind of key it is, the same for all; the 43 after them are the secret.
  const [, first = '', second = ''] = pem.split('\n')
  return [first.slice(50), second.slice(0, 24), encode(pem).slice(120, 152)]
}

function decode(base64 = ''): string {
  return Buffer.from(base64, 'base64').toString('utf8')
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64')
}
