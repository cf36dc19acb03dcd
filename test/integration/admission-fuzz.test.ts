import { Agent, request } from 'node:https'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import tap from 'tap'
import { ConfigMap, PersistentVolumeClaim, Pod, Secret, ServiceAccount } from '#src/api/core/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import { kinds } from '#src/api/kinds.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { ClusterRole, Role, RoleBinding } from '#src/api/rbac/v1.ts'
import { ValidatingWebhookConfiguration } from '#src/api/admissionregistration/v1.ts'
import { Organization } from '#src/api/identity/v1alpha1.ts'
import {
  ANNOTATION_CONFIRM_DELETE,
  orgNamespace,
  PLATFORM_NAMESPACE,
  WEBHOOK_CONFIGURATION,
} from '#src/api/names.ts'
import { answer } from '#src/admission/review.ts'
import { clusterOf } from '#src/lib/cluster.ts'
import { binding, organization, tenant } from '#test/fixtures.ts'
import { BODY_LIMIT, cases, type Case } from '#test/support/fuzz/cases.ts'
import { dice } from '#test/support/fuzz/dice.ts'
import type { Map as JsonMap } from '#test/support/fuzz/json.ts'
import { outcomeOf, type Reply } from '#test/support/fuzz/oracle.ts'
import { HOME, may, world } from '#test/support/fuzz/world.ts'
import { person, persona, role } from '#test/support/people.ts'
import { createOrganization, running, until } from '#test/support/running.ts'
import { accessOf } from '#webhooks/access.ts'
import { mutations, rules } from '#webhooks/index.ts'
import { called, registry } from '#webhooks/registry.ts'
import { allow } from '#webhooks/rule.ts'

/** Another seed comes as the first argument: `tap test/integration/admission-fuzz.test.ts --test-arg=7`. */
const seed = Number(process.argv[2] ?? 20261121)
const COUNT = 100_000
const CONCURRENCY = 16

// A minute and a half where nothing else runs, and as long as it takes where much does.
tap.setTimeout(1_200_000)
// That is for this process; the runner reads it off the output.
tap.comment('timeout=1200000')
tap.comment(`seed ${seed}`)

// The oracle first: it has to see what it is there for.

const going = { deletionTimestamp: '2026-11-21T11:00:00Z' }
const objects = [
  ...world.live.flatMap(slug => [organization(slug), binding(slug), tenant(slug)]),
  ...world.going.flatMap(slug => [organization(slug, going), tenant(slug, going)]),
  ...([...world.objects, ...world.projections] as unknown as KubernetesObject[]),
]
// The clock is the judge's.
const view = clusterOf(objects, new Date())
const kindsOfWorld: readonly Kind[] = [
  ...kinds,
  ClusterRole,
  ConfigMap,
  PersistentVolumeClaim,
  Pod,
  Role,
  Secret,
  ServiceAccount,
]

/** The same cases in this process; the first complaint of the oracle, or undefined. */
async function complaint(shipped: typeof rules, filled = mutations): Promise<string | undefined> {
  const judged = registry(shipped, filled, called)
  for (const sent of cases(seed, 20_000)) {
    let body: unknown
    try {
      body = JSON.parse(sent.body.toString())
    } catch {
      continue
    }
    const { error, response } = await answer(sent.mode, body, judged, {
      view: () => view,
      ask: async (user, reviews) =>
        accessOf(reviews.map(review => [review, may(world, user as JsonMap, review)])),
    })
    const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }
    const status = sent.mode === 'mutate' && error !== undefined ? 500 : 200
    try {
      outcomeOf(sent, { status, text: JSON.stringify(review) }, world)
    } catch (wrong) {
      return (wrong as Error).message
    }
  }
  return undefined
}

tap.test('the oracle has nothing to say about the rules as they are', async t => {
  t.equal(await complaint(rules), undefined)
})

const names = registry(rules, mutations, called).rules.map(({ name }) => name)
for (const name of names as (keyof typeof rules)[]) {
  tap.test(`the oracle sees it when ${name} throws`, async t => {
    const decide = () => {
      throw new TypeError('a bug')
    }
    t.match(await complaint({ ...rules, [name]: { ...rules[name], decide } }), 'a rule threw')
  })
  tap.test(`the oracle sees it when ${name} has no opinion`, async t => {
    const decide = () => allow
    t.match(
      await complaint({ ...rules, [name]: { ...rules[name], decide } }),
      /allowed what must not pass|warnings/,
    )
  })
}

for (const [what, apply] of Object.entries({
  throws: () => {
    throw new TypeError('a bug')
  },
  'fills in nothing': ({ object }: { object: object }) => object,
}))
  tap.test(`the oracle sees it when a mutation ${what}`, async t => {
    const name = 'org-scoped/organization-is-filled-in'
    const broken = {
      ...mutations,
      [name]: { ...mutations[name], apply },
    } as typeof mutations
    t.match(await complaint(rules, broken), /nothing stood in the way|a wrong patch/)
  })

// And now the process itself.

tap.test(`${COUNT} reviews from an unkind API server`, { timeout: 1_200_000 }, async t => {
  const { kradle, client, controlPlane } = await running(tap)
  for (const slug of [...world.live, ...world.going]) await createOrganization(client, slug)
  await furnish()
  for (const slug of world.going) await dissolve(slug)

  const configuration = await client.get(ValidatingWebhookConfiguration, WEBHOOK_CONFIGURATION)
  const { clientConfig } = configuration!.webhooks![0]!
  const ca = Buffer.from(clientConfig.caBundle!, 'base64')
  const server = new URL(kradle.webhook())
  const { hostname: host, port } = server
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY, ca })
  t.teardown(() => agent.destroy())
  const pid = kradle.pid('webhook')

  await t.test('plain reviews are judged as the oracle would judge them', async t => {
    await until('the watches have seen all of it', async () => {
      for (const sent of cases(seed, 2000)) {
        if (!sent.plain) continue
        const reply = await send(sent)
        try {
          // Where everything is there, nothing may stay undecided.
          if (outcomeOf(sent, reply!, world) === 'undecided' && isOfLiving(sent)) return false
        } catch {
          return false
        }
      }
      return true
    })
    t.pass()
  })

  const idle = await memory()
  const stuck = await holdOpen(24)
  const pulse = new AbortController()
  const beats = heartbeat(pulse.signal)
  const before = { client: cpuSeconds(), server: await cpu() }
  const started = Date.now()
  const counts: Record<string, number> = {}
  const complaints: string[] = []
  const queue = cases(seed, COUNT)
  await Promise.all([
    ...Array.from({ length: CONCURRENCY }, async () => {
      for (const sent of queue) {
        if (complaints.length > 5) return
        const outcome = await attempt(sent)
        counts[outcome] = (counts[outcome] ?? 0) + 1
      }
    }),
    strangers(),
  ])
  const seconds = (Date.now() - started) / 1000
  const spent = { client: cpuSeconds() - before.client, server: (await cpu()) - before.server }
  pulse.abort()
  const slowest = await beats
  for (const socket of stuck) socket.destroy()

  t.comment(`${JSON.stringify(counts)} in ${seconds.toFixed(0)} s, slowest heartbeat ${slowest} ms`)
  t.comment(`CPU: ${spent.server.toFixed(0)} s of the server, ${spent.client.toFixed(0)} s of this`)
  t.strictSame(complaints, [], 'every answer was right')
  for (const outcome of ['allowed', 'denied', 'malformed', 'rejected', 'aborted'])
    t.ok((counts[outcome] ?? 0) > COUNT / 1000, `some were ${outcome}`)
  t.ok((counts['undecided'] ?? 0) < COUNT / 20, 'hardly any were left undecided')

  t.equal(kradle.pid('webhook'), pid, 'it is still the same process')
  t.equal((await fetch(`${kradle.health('webhook')}/readyz`)).status, 200, 'and ready')
  await until(
    'nothing is in flight',
    async () => (await metric('kradle_admission_in_flight')) === 0,
  )
  await until('its memory is below 400 MiB', async () => (await memory()) < 400)
  t.comment(`resident memory: ${idle} MiB before, ${await memory()} MiB after`)

  async function attempt(sent: Case): Promise<string> {
    try {
      const reply = await send(sent)
      if (!reply) return 'aborted'
      return outcomeOf(sent, reply, world)
    } catch (error) {
      // A body beyond the limit is cut off while it is still being sent.
      if (Buffer.byteLength(sent.body) > BODY_LIMIT) return 'rejected'
      const body = sent.body.toString().slice(0, 2000)
      complaints.push(
        `${(error as Error).message.slice(0, 2000)}\n${sent.mode} ${sent.query} ${body}`,
      )
      return 'wrong'
    }
  }

  /** Resolves to undefined where the request was aborted, as it should be. */
  function send({ mode, body, query, contentType, delivery }: Case): Promise<Reply | undefined> {
    return new Promise((resolve, reject) => {
      const length = Buffer.byteLength(body)
      const aborted = delivery === 'aborted'
      const call = request(
        {
          host,
          port,
          agent,
          method: 'POST',
          path: `/${mode}${query}`,
          headers: {
            'content-length': length,
            ...(contentType !== undefined && { 'content-type': contentType }),
          },
          timeout: 60_000,
        },
        response => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('error', reject)
          response.on('end', () =>
            resolve({ status: response.statusCode!, text: Buffer.concat(parts).toString() }),
          )
        },
      )
      call.on('error', error => (aborted ? resolve(undefined) : reject(error)))
      call.on('timeout', () => call.destroy(new Error('no answer within a minute')))
      if (delivery === 'whole') {
        call.end(body)
        return
      }
      const half = Math.floor(length / 2)
      const bytes = Buffer.from(body)
      call.write(bytes.subarray(0, half))
      setTimeout(() => (aborted ? call.destroy() : call.end(bytes.subarray(half))), 50)
    })
  }

  /** Connections whose bodies never end; everybody else has to be served meanwhile. */
  async function holdOpen(count: number) {
    const sockets = Array.from({ length: count }, () =>
      connectTls({ host, port: Number(port), ca }, function (this: ReturnType<typeof connectTls>) {
        this.write(
          `POST /validate HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 5000000\r\n\r\n{"request":`,
        )
      }),
    )
    for (const socket of sockets) socket.on('error', () => {})
    await Promise.all(
      sockets.map(socket => new Promise(resolve => socket.once('secureConnect', resolve))),
    )
    return sockets
  }

  /** Who is not even a client: other paths and methods, and bytes that are no HTTP. */
  async function strangers(): Promise<void> {
    const d = dice(seed)
    for (let times = 0; times < 300; times++) {
      const path = d.pick([
        '/',
        '/Validate',
        '/validate/',
        '//validate',
        '/validate%2f',
        '/%zz',
        '/..',
      ])
      const method = d.pick(['POST', 'GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'HEAD'])
      const right = d.pick(['/validate', '/mutate'])
      const lines = d.pick([
        `${method} ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`,
        `${method === 'POST' ? 'GET' : method} ${right} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
        `POST ${right} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
        `POST ${right} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 9\r\n\r\n{}`,
        `POST ${right} HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n{}`,
        `POST ${right} HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999\r\n\r\n{}`,
        `POST ${right} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n`,
        `POST ${right} HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`,
        `POST ${right} HTTP/1.1\r\nhost: x\r\nexpect: 1\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`,
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        '\u0000\u0001\u0002'.repeat(1000),
      ])
      const text = await (d.chance(0.8)
        ? shout(connectTls({ host, port: Number(port), ca }), lines)
        : shout(connect(Number(port), host), lines))
      const [, status] = /^HTTP\/1\.1 (\d+)/.exec(text) ?? []
      // `{}` is JSON, and refused with an answer; nothing else gets one.
      if (/"allowed": *true/.test(text) || (status === '200' && !text.includes('"allowed":false')))
        complaints.push(`a stranger was heard: ${lines.slice(0, 200)}\n${text}`)
    }
  }

  /** The longest that a look at the process took while everything else went on. */
  async function heartbeat(signal: AbortSignal): Promise<number> {
    let longest = 0
    while (!signal.aborted) {
      const start = performance.now()
      const { status } = await fetch(`${kradle.health('webhook')}/healthz`, {
        signal: AbortSignal.timeout(30_000),
      })
      if (status !== 200) complaints.push(`healthz said ${status}`)
      longest = Math.max(longest, Math.round(performance.now() - start))
      await sleep(200)
    }
    return longest
  }

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${kradle.health('webhook')}/metrics`)).text()
    return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1])
  }

  function cpu(): Promise<number> {
    return metric('process_cpu_seconds_total')
  }

  async function memory(): Promise<number> {
    return Math.round((await metric('process_resident_memory_bytes')) / 1024 ** 2)
  }

  /** Makes everything that the world holds; what belongs to runs is for the dispatcher alone to make. */
  async function furnish(): Promise<void> {
    const dispatcher = await person(
      controlPlane,
      'system:serviceaccount:kradle-system:dispatch-controller',
    )
    t.teardown(() => dispatcher.close())
    const resources = ['persistentvolumeclaims', 'pods']
    const rights = [
      ...world.rights,
      { user: dispatcher.name, rules: [{ apiGroups: [''], resources, verbs: ['create'] }] },
    ]
    for (const [index, { user, rules: held }] of rights.entries()) {
      await client.create(ClusterRole, role(`fuzz-rights-${index}`, ...held))
      await client.create(RoleBinding, persona(user, `fuzz-rights-${index}`, HOME))
    }
    for (const object of world.objects as unknown as KubernetesObject[]) {
      const kind = kindsOfWorld.find(({ kind: known }) => known === object.kind)!
      if (kind === Pod) await projected()
      const by = kind === Pod || kind === PersistentVolumeClaim ? dispatcher.client : client
      await by.create(kind, object)
    }
  }

  /** What Kradle makes by itself is there. */
  async function projected(): Promise<void> {
    for (const { metadata } of world.projections as unknown as KubernetesObject[])
      await until(`account ${metadata.name} is there`, () =>
        client.get(ServiceAccount, metadata.name, metadata.namespace),
      )
  }

  /** Leaves an organisation in the midst of its deletion: binding gone, namespace held by somebody's finalizer. */
  async function dissolve(slug: string): Promise<void> {
    await client.raw({
      method: 'POST',
      path: `/api/v1/namespaces/${orgNamespace(slug)}/configmaps`,
      body: { metadata: { name: 'held', finalizers: ['example.com/held'] } },
    })
    const target = { name: slug, namespace: PLATFORM_NAMESPACE }
    const annotations = { [ANNOTATION_CONFIRM_DELETE]: slug }
    await client.mergePatch(Organization, target, { metadata: { annotations } })
    await client.delete(Organization, slug, PLATFORM_NAMESPACE)
    await until(`the namespace of ${slug} is going`, async () => {
      const { status } = await client.raw<{ status: { phase: string } }>({
        method: 'GET',
        path: `/api/v1/namespaces/${orgNamespace(slug)}`,
      })
      return status.phase === 'Terminating'
    })
  }
})

/** Whether a review is about an organisation that is there. */
const isOfLiving = ({ body }: Case): boolean => {
  const review = JSON.parse(body.toString()) as { request: { namespace: string } }
  return world.live.some(slug => review.request.namespace === orgNamespace(slug))
}

/** Says something on a connection and listens until it is closed, or for a second. */
function shout(socket: ReturnType<typeof connect>, text: string): Promise<string> {
  return new Promise(resolve => {
    let heard = ''
    const end = () => {
      socket.destroy()
      resolve(heard)
    }
    socket.setTimeout(1000, end)
    socket.on('data', (part: Buffer) => (heard += part.toString('latin1')))
    socket.on('error', end)
    socket.on('close', end)
    socket.write(text)
  })
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
