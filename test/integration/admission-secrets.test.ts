import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import t from 'tap'
import {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from '#src/api/admissionregistration/v1.ts'
import { Secret } from '#src/api/core/v1.ts'
import { Organization, OrgNamespaceBinding, Team } from '#src/api/identity/v1alpha1.ts'
import { apiVersionOf, resourceOf, type Kind } from '#src/api/kind.ts'
import { kinds } from '#src/api/kinds.ts'
import {
  orgNamespace,
  PLATFORM_NAMESPACE,
  WEBHOOK_CONFIGURATION,
  WEBHOOK_SECRET,
} from '#src/api/names.ts'
import { apiPath } from '#src/lib/api-path.ts'
import { kradleProcesses } from '#hack/local/kradle-processes.ts'
import { allProcesses, createOrganization, running, team, until } from '#test/support/running.ts'

// A value that is in a Secret, and wherever a hurried person might paste it, must not come out of Kradle anywhere.

const { kradle, client, kubectl } = await running(t, { processes: allProcesses })
await createOrganization(client, 'acme')

const canary = `canary${randomBytes(16).toString('hex')}`
const control = `control${randomBytes(16).toString('hex')}`
for (const namespace of [orgNamespace('acme'), PLATFORM_NAMESPACE])
  await client.create(Secret, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'canary', namespace },
    data: { token: base64(canary) },
  })

/** Everything the search looks for: the canary and the keys of every certificate served meanwhile, as they are and encoded. */
const secrets = new Set([canary, base64(canary), base64(base64(canary)), hex(canary)])
await rememberKeys()

t.test(
  'a canary in fields that are refused is told to whoever wrote it, and passes nobody else',
  async t => {
    const said = await Promise.all([
      refused(Team, { ...team('a'), spec: { organizationRef: canary, displayName: 'A' } }),
      refused(Team, { ...team('b'), metadata: { ...team('b').metadata, namespace: 'default' } }),
      refused(Team, { ...team('c'), spec: { ...team('c').spec, members: [`${canary}!`] } }),
      refused(Team, labelled(team('d'))),
      refused(
        Team,
        annotated({ ...team('e'), spec: { organizationRef: canary, displayName: 'E' } }),
      ),
      refused(Organization, organization('x')),
      refused(OrgNamespaceBinding, {
        apiVersion: 'kradle.a5c.ai/v1alpha1',
        kind: 'OrgNamespaceBinding',
        // The name of an object is no place for a secret: every log of every API server has it.
        metadata: { name: 'x', namespace: PLATFORM_NAMESPACE },
        spec: { organizationRef: canary, namespace: orgNamespace(canary) },
      }),
    ])
    t.ok(said.filter(message => message.includes(canary)).length > 3, 'the writer is told')
  },
)

t.test('a canary in reviews that are malformed or refused', async t => {
  const review = (change: object = {}, object: object = labelled(team('x'))) => ({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: canary,
      resource: { group: 'kradle.a5c.ai', version: 'v1alpha1', resource: 'teams' },
      operation: 'CREATE',
      name: 'x',
      namespace: orgNamespace('acme'),
      userInfo: { username: 'jane', extra: { token: [canary] } },
      object,
      ...change,
    },
  })
  const binding = { group: 'kradle.a5c.ai', version: 'v1alpha1', resource: 'orgnamespacebindings' }
  const bodies = [
    review(),
    review({ operation: canary }),
    review({ userInfo: { username: '', extra: { token: [canary] } } }),
    review({ resource: canary }),
    review({ namespace: [canary] }),
    review({ subResource: { canary } }),
    review({}, { metadata: canary }),
    review({}, { metadata: { name: canary.split('') }, spec: canary }),
    review({}, { metadata: { labels: canary, annotations: [canary] } }),
    review({ resource: binding, namespace: PLATFORM_NAMESPACE }, bound(canary)),
    review({ resource: binding, namespace: PLATFORM_NAMESPACE }, bound(`${canary}/status`)),
    review({ resource: binding, namespace: PLATFORM_NAMESPACE }, bound(`\ud800${canary}`)),
    review({ resource: binding, namespace: PLATFORM_NAMESPACE }, bound(canary.repeat(100_000))),
    { [canary]: canary },
    canary,
  ].map(body => JSON.stringify(body))
  const deep = '['.repeat(50_000) + ']'.repeat(50_000)
  bodies.push(
    canary,
    bodies[0]!.slice(0, -9),
    bodies[0]!.replace('"Team"', `{"${canary}":${deep}}`),
  )
  for (const body of bodies)
    for (const path of ['/validate', '/mutate', `/validate?timeout=${canary}`, `/${canary}`]) {
      t.match(await post(path, body), /allowed|error/)
    }
})

t.test('a canary in what the controllers stumble over', async t => {
  // Without its rights the controller fails at every write for an organisation that carries the canary.
  const role = 'clusterrolebinding/kradle-identity-controller'
  const saved = JSON.parse((await kubectl(['get', role, '-o', 'json'])).stdout) as {
    metadata: Record<string, unknown>
  }
  await kubectl(['delete', role])
  await client.create(Organization, {
    ...organization('stumbling'),
    spec: { displayName: canary, namespaceName: orgNamespace('stumbling') },
  })
  await until('the controller has stumbled', async () =>
    log('identity-controller').includes('stumbling'),
  )
  const { name, labels } = saved.metadata
  await kubectl(['create', '-f', '-'], { ...saved, metadata: { name, labels } })
  await until(
    'it is on its feet again',
    async () => {
      const object = await client.get(Organization, 'stumbling', PLATFORM_NAMESPACE)
      return object?.status?.phase === 'Ready'
    },
    60,
  )

  // What is published of the serving certificate, and then that itself, overwritten with the canary. While the
  // controller that would put it back stands still, readiness is asked for.
  const pid = kradle.pid('webhook')
  await kradle.kill('admission-controller', 'SIGSTOP')
  for (const kind of [ValidatingWebhookConfiguration, MutatingWebhookConfiguration]) {
    const live = await client.get(kind, WEBHOOK_CONFIGURATION)
    for (const { clientConfig } of live!.webhooks!)
      clientConfig.caBundle = base64(
        `-----BEGIN CERTIFICATE-----\n${base64(canary)}\n-----END CERTIFICATE-----\n`,
      )
    await client.replace(kind, live!)
  }
  await until('the webhook server sees that nobody trusts it', async () => {
    const ready = await fetch(`${kradle.health('webhook')}/readyz`)
    return ready.status === 503
  })
  await kradle.kill('admission-controller', 'SIGCONT')
  const target = { name: WEBHOOK_SECRET, namespace: PLATFORM_NAMESPACE }
  await client.mergePatch(Secret, target, {
    data: { 'tls.crt': base64(canary), 'tls.key': base64(canary) },
  })
  await until(
    'there is a certificate again that the API server trusts',
    async () => {
      const ready = await fetch(`${kradle.health('webhook')}/readyz`)
      return ready.ok && !(await isOverwritten())
    },
    60,
  )
  await rememberKeys()
  t.equal(kradle.pid('webhook'), pid, 'the webhook server lived through it')
})

t.test(
  'neither canary nor key is in logs, events, status, metadata, metrics or command lines',
  async t => {
    // The search has to find what is there: a user name in a log, a name in an event, a word in status.
    await post(
      '/validate',
      JSON.stringify({
        request: {
          uid: '1',
          resource: { group: 'kradle.a5c.ai', version: 'v1alpha1', resource: 'teams' },
          operation: 'CREATE',
          name: 'x',
          namespace: 'default',
          userInfo: { username: control },
          object: { metadata: {} },
        },
      }),
    )
    await kubectl(['create', '-f', '-'], {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: control, namespace: 'default' },
      involvedObject: { kind: 'Namespace', name: 'default', namespace: 'default' },
      reason: 'Planted',
      message: control,
      type: 'Normal',
    })
    await until('the control is in the log', async () => log('webhook').includes(control), 10)

    const places = await everything()
    t.match(found(places, [control]), ['log of webhook', 'events'])
    t.same(
      found(places, ['NamespaceBound']).includes('status of organizations.kradle.a5c.ai'),
      true,
    )
    t.same(found(places, ['kradle_admission_denials_total']), ['metrics of webhook'])
    t.ok(secrets.size > 10, `${secrets.size} forms of secrets are looked for`)
    t.same(found(places, [...secrets]), [], 'and found nowhere')
  },
)

/** Every place that other people than the owner of a Secret can look into, by name. */
async function everything(): Promise<Map<string, string>> {
  const places = new Map<string, string>()
  for (const { name } of kradleProcesses) {
    places.set(`log of ${name}`, log(name))
    places.set(`metrics of ${name}`, await (await fetch(`${kradle.health(name)}/metrics`)).text())
    for (const file of ['cmdline', 'environ'])
      places.set(`${file} of ${name}`, readFileSync(`/proc/${kradle.pid(name)}/${file}`, 'utf8'))
    for (const path of ['healthz', 'readyz'])
      places.set(`${path} of ${name}`, await (await fetch(`${kradle.health(name)}/${path}`)).text())
  }
  places.set('events', JSON.stringify(await client.raw({ method: 'GET', path: '/api/v1/events' })))
  for (const kind of kinds) {
    const { items } = await client.list(kind)
    places.set(
      `status of ${resourceOf(kind)}`,
      JSON.stringify(items.map(item => (item as { status?: unknown }).status)),
    )
    places.set(`metadata of ${resourceOf(kind)}`, await metadataOf(kind))
  }
  for (const [group, version, plural] of [
    ['', 'v1', 'secrets'],
    ['', 'v1', 'namespaces'],
    ['coordination.k8s.io', 'v1', 'leases'],
    ['admissionregistration.k8s.io', 'v1', 'validatingwebhookconfigurations'],
  ] as const)
    places.set(
      `metadata of ${plural}`,
      await metadataOf({ group, version, plural, kind: '', namespaced: true }),
    )
  return places
}

/** What a client sees that asks for PartialObjectMetadata: annotations and managed fields, all of them. */
async function metadataOf(kind: Kind): Promise<string> {
  const { stdout, code, stderr } = await kubectl(['get', '--raw', apiPath(kind)])
  if (code !== 0) throw new Error(`${apiVersionOf(kind)} ${kind.plural}: ${stderr}`)
  const { items } = JSON.parse(stdout) as { items: { metadata: unknown }[] }
  return JSON.stringify(items.map(({ metadata }) => metadata))
}

/** The names of the places that hold any of the needles. */
function found(places: ReadonlyMap<string, string>, needles: readonly string[]): string[] {
  return [...places]
    .filter(([, text]) => needles.some(needle => text.includes(needle)))
    .map(([name]) => name)
}

/** The private keys of the moment, whole and line by line, as PEM and as the API carries them. */
async function rememberKeys(): Promise<void> {
  const { data = {} } = (await client.get(Secret, WEBHOOK_SECRET, PLATFORM_NAMESPACE))!
  for (const name of ['tls.key', 'next.key']) {
    const encoded = data[name]
    if (encoded === undefined) continue
    const pem = Buffer.from(encoded, 'base64').toString()
    secrets.add(encoded)
    for (const line of pem.split('\n').filter(each => each.length > 20 && !each.startsWith('-')))
      secrets.add(line)
  }
}

async function isOverwritten(): Promise<boolean> {
  const { data = {} } = (await client.get(Secret, WEBHOOK_SECRET, PLATFORM_NAMESPACE))!
  return data['tls.key'] === base64(canary)
}

function log(name: string): string {
  return readFileSync(kradle.log(name), 'utf8')
}

/** The message of the refusal; '' where it passed. */
async function refused<T extends { apiVersion: string; kind: string; metadata: { name: string } }>(
  kind: Kind<T>,
  object: T,
): Promise<string> {
  return client.create(kind, object).then(
    () => '',
    (error: Error) => error.message,
  )
}

function labelled(of: Team): Team {
  return { ...of, metadata: { ...of.metadata, labels: { 'kradle.a5c.ai/org': canary } } }
}

function annotated(of: Team): Team {
  return { ...of, metadata: { ...of.metadata, annotations: { note: canary } } }
}

function organization(name: string): Organization {
  return {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'Organization',
    metadata: { name, namespace: PLATFORM_NAMESPACE },
    spec: { displayName: canary, namespaceName: canary },
  }
}

function bound(slug: string): object {
  return { metadata: { name: 'x' }, spec: { organizationRef: slug } }
}

/** The answer of the webhook server to anything. */
function post(path: string, body: string): Promise<string> {
  const { hostname, port } = new URL(kradle.webhook())
  return new Promise((resolve, reject) => {
    const call = request(
      {
        hostname,
        port,
        path,
        method: 'POST',
        rejectUnauthorized: false,
        headers: { token: canary },
      },
      response => {
        let text = ''
        response.on('data', (part: Buffer) => (text += part.toString()))
        response.on('end', () => resolve(text))
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex')
}
