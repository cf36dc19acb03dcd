import { mkdtempSync, rmSync } from 'node:fs'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import t from 'tap'
import { startControlPlane } from '#hack/local/control-plane.ts'
import type { UserInfo } from '#src/api/admission/v1.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { admissionOf } from '#src/apiserver/admission/admission-of.ts'
import type { Attributes } from '#src/apiserver/admission/admission.ts'
import type { Resource } from '#src/apiserver/resource.ts'
import { delegatedAuthorization } from '#src/apiserver/auth/delegated.ts'
import { StatusError } from '#src/apiserver/status-error.ts'
import { issue } from '#src/lib/certificate-authority.ts'
import { loadClient } from '#src/lib/client.ts'
import { policyCases, type Write } from '#test/support/activity-admission/policy-cases.ts'
import { webhookCases, type HookCase } from '#test/support/activity-admission/webhook-cases.ts'
import { webhookServer } from '#test/support/activity-admission/webhook-server.ts'
import { httpsSend } from '#test/support/https-send.ts'
import { until } from '#test/support/running.ts'

// Admission for the activity API against kube-apiserver itself: a definition of no meaning, and for it the same webhooks and
// policies in the cluster. Every write goes to kube-apiserver, and with the same attributes to ours, whose watches look
// at the same cluster. Both have to come to the same: verdict, code, words, details, warnings, and the object.
// ADMISSION_CASE=name looks at one case.

type Json = Record<string, unknown>

const GROUP = 'shadow.example.com'
const only = process.env['ADMISSION_CASE']

const home = mkdtempSync(join(tmpdir(), 'kradle-test-'))
const controlPlane = await startControlPlane({ home, unsafeNoFsync: true })
const agent = new https.Agent({ keepAlive: true, maxSockets: 4, ...controlPlane.adminCertificate })
const client = loadClient({ kubeconfig: controlPlane.adminKubeconfig })
// Authorities are named by their time, and these two are to have different names.
const [tls, strange] = await Promise.all(
  [0, 60_000].map(agoMs =>
    issue({ hosts: ['127.0.0.1'], lifetimeMs: 3_600_000, now: new Date(Date.now() - agoMs) }),
  ),
)
const base64 = (text: string): string => Buffer.from(text).toString('base64')

let cases: Readonly<Record<string, HookCase>> = {}
const server = await webhookServer(tls!, () => cases)
const stranger = await webhookServer(strange!, () => cases)
cases = webhookCases(
  { url: 'https://127.0.0.1:1/closed' },
  { url: `${stranger.url}/m-is-a-stranger/0`, caBundle: base64(tls!.ca) },
)

const log = pino({ level: 'silent' })
const admission = admissionOf({
  client,
  log,
  metrics: new Registry(),
  reviewAccess: delegatedAuthorization(client, log).reviewAccess,
})
t.teardown(async () => {
  await admission.stop()
  agent.destroy()
  client.close()
  server.close()
  stranger.close()
  await controlPlane.stop()
  rmSync(home, { recursive: true, force: true })
})

interface Answer {
  readonly code: number
  readonly body: Json
  readonly warnings: readonly string[]
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Json = {},
): Promise<Answer> {
  const payload = JSON.stringify(body ?? {})
  const own = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(payload),
    ...(headers as Record<string, string>),
  }
  const received = await httpsSend(
    new URL(path, controlPlane.server),
    { method, agent, headers: own },
    payload,
  )
  const warning = received.headers['warning'] ?? ''
  return {
    code: received.code,
    body: JSON.parse(received.text) as Json,
    warnings: [...warning.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text]) =>
      text!.replaceAll(/\\(.)/g, '$1'),
    ),
  }
}

async function created(path: string, object: Json): Promise<Json> {
  const answer = await call('POST', path, object)
  if (answer.code !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

const ADMISSION = '/apis/admissionregistration.k8s.io/v1'
const RBAC = '/apis/rbac.authorization.k8s.io/v1'
const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

for (const team of ['red', 'blue'])
  await created('/api/v1/namespaces', { metadata: { name: team, labels: { team } } })
await created('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
  metadata: { name: `things.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: open, status: open } } },
      },
    ],
  },
})
await created(`${RBAC}/clusterroles`, {
  metadata: { name: 'writes-things' },
  rules: [{ apiGroups: [GROUP], resources: ['things', 'things/a'], verbs: ['create', 'get'] }],
})
await created(`${RBAC}/clusterrolebindings`, {
  metadata: { name: 'writes-things' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'writes-things' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jane' }],
})

/** Configures a policy for writes with the label of its case. */
async function configurePolicy(name: string): Promise<void> {
  const { policy, bindings, operations, resources, rule, constraints } = policyCases[name]!
  await created(`${ADMISSION}/validatingadmissionpolicies`, {
    metadata: { name },
    spec: {
      ...policy,
      matchConstraints: {
        objectSelector: { matchLabels: { case: name } },
        resourceRules: [
          {
            apiGroups: [GROUP],
            apiVersions: ['v1'],
            operations: operations ?? ['CREATE'],
            resources: resources ?? ['things'],
            ...rule,
          },
        ],
        ...constraints,
      },
    },
  })
  for (const binding of bindings ?? [{ validationActions: ['Deny'] }])
    await created(`${ADMISSION}/validatingadmissionpolicybindings`, {
      metadata: { name: `${name}-binding` },
      spec: { policyName: name, ...binding },
    })
}

async function configureWebhooks(name: string): Promise<void> {
  const { type, hooks, operations, resources } = cases[name]!
  await created(`${ADMISSION}/${type}webhookconfigurations`, {
    metadata: { name },
    webhooks: hooks.map(({ config }, index) => ({
      name: `h${index}.${name}.example.com`,
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      timeoutSeconds: 5,
      objectSelector: { matchLabels: { case: name } },
      clientConfig: { url: `${server.url}/${name}/${index}`, caBundle: base64(tls!.ca) },
      rules: [
        {
          apiGroups: [GROUP],
          apiVersions: ['v1'],
          operations: operations ?? ['CREATE', 'UPDATE'],
          resources: resources ?? ['things'],
        },
      ],
      ...config,
    })),
  })
}

const policies = Object.keys(policyCases).filter(name => !only || name === only)
const webhooks = Object.keys(cases).filter(name => !only || name === only)
const refused: string[] = []
const note = (error: Error): void => void refused.push(error.message)
for (const name of policies) await configurePolicy(name).catch(note)
for (const name of webhooks) await configureWebhooks(name).catch(note)

const thing = (name: string, labels: Json, more: Json, namespace = 'red') => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'Thing',
  metadata: { name, namespace, labels },
  ...more,
})
const things = (namespace = 'red'): string => `/apis/${GROUP}/v1/namespaces/${namespace}/things`

// The last to be configured, so that everything else is in force once it is, and there long enough.
await created(`${ADMISSION}/validatingadmissionpolicies`, {
  metadata: { name: 'zz-last' },
  spec: {
    matchConstraints: {
      objectSelector: { matchLabels: { case: 'zz-last' } },
      resourceRules: [
        { apiGroups: [GROUP], apiVersions: ['v1'], operations: ['CREATE'], resources: ['things'] },
      ],
    },
    validations: [{ expression: 'false' }],
  },
})
await created(`${ADMISSION}/validatingadmissionpolicybindings`, {
  metadata: { name: 'zz-last' },
  spec: { policyName: 'zz-last', validationActions: ['Deny'] },
})
await until('the last policy is in force', async () => {
  const probe = thing('probe', { case: 'zz-last' }, {})
  return (await call('POST', `${things()}?dryRun=All`, probe)).code === 422
})
admission.start()
await admission.synced()

const admin = (
  (
    await created('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
    })
  )['status'] as { userInfo: UserInfo }
).userInfo
const jane: UserInfo = {
  username: 'jane',
  groups: ['devs', 'system:authenticated'],
  extra: { team: ['red'] },
}
const asJane = {
  'impersonate-user': 'jane',
  'impersonate-group': 'devs',
  'impersonate-extra-team': 'red',
}

// Nothing of a schema is asked for by admission.
const resource = {
  kind: { group: GROUP, version: 'v1', kind: 'Thing', plural: 'things', namespaced: true },
} as unknown as Resource

interface Outcome {
  readonly code: number
  readonly status?: unknown
  readonly object?: unknown
  readonly warnings: readonly string[]
}

/** Of an object what admission may change; of a refusal all of it. */
function outcomeOf({ code, body, warnings }: Answer): Outcome {
  if (body['kind'] === 'Status' && body['status'] === 'Failure') {
    const { metadata: _, ...status } = body
    return { code, status: comparable(status), warnings }
  }
  if (body['kind'] === 'Status') return { code: 200, warnings }
  return { code: 200, object: shown(body as unknown as UnknownObject), warnings }
}

function shown({ spec, status, metadata }: UnknownObject): Json {
  const { labels, annotations } = metadata
  return { spec, status, labels, annotations }
}

/** Without what is made up anew for every call, and without the words of a parser of Go. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string')
    return value
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<uid>')
      .replace(/((?:json parse error|undecodable patch in webhook response):) .*/, '$1')
      .replace(/(json: cannot unmarshal) .*/, '$1')
      .replace(/ in scheme "[^"]*"/, '')
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, comparable(field)]))
}

/** Does a write to kube-apiserver; gives the attributes that it had there. */
async function write(
  name: string,
  label: string,
  { operation = 'CREATE', subresource, spec = {}, oldSpec, status, labels, ...how }: Write,
) {
  const { namespace = 'red', dryRun } = how
  const marked = { case: label, ...labels }
  const query = dryRun ? '?dryRun=All' : ''
  const headers = how.asJane ? asJane : {}
  const at = `${things(namespace)}/${name}`
  const options = (kind: string): Json => ({
    kind,
    apiVersion: 'meta.k8s.io/v1',
    ...(dryRun && { dryRun: ['All'] }),
  })
  const attributes = (more: Pick<Attributes, 'object' | 'oldObject' | 'options'>) => ({
    operation,
    resource,
    subresource: subresource ?? '',
    namespace,
    name,
    user: how.asJane ? jane : admin,
    dryRun: dryRun === true,
    ...more,
  })
  if (operation === 'CREATE') {
    const object = thing(name, marked, { spec }, namespace) as UnknownObject
    const answer = await call('POST', things(namespace) + query, object, headers)
    return {
      answer,
      attributes: attributes({
        object,
        oldObject: undefined,
        options: options('CreateOptions'),
      }),
    }
  }
  const isMarked = operation === 'DELETE' || subresource !== undefined
  const before = (await created(
    things(namespace),
    thing(name, isMarked ? marked : {}, { spec: oldSpec ?? spec }, namespace),
  )) as unknown as UnknownObject
  if (operation === 'DELETE') {
    const answer = await call('DELETE', at + query, {}, headers)
    return {
      answer,
      attributes: attributes({
        object: undefined,
        oldObject: before,
        options: options('DeleteOptions'),
      }),
    }
  }
  const object = subresource
    ? { ...before, status }
    : { ...before, spec, metadata: { ...before.metadata, labels: marked } }
  const path = subresource ? `${at}/${subresource}` : at
  const answer = await call('PUT', path + query, object, headers)
  return {
    answer,
    attributes: attributes({
      object: object as UnknownObject,
      oldObject: before,
      options: options('UpdateOptions'),
    }),
  }
}

/** What ours comes to. */
async function decided(attributes: Omit<Attributes, 'signal' | 'warn'>): Promise<Outcome> {
  const warnings: string[] = []
  const warn = (text: string): void => void (warnings.includes(text) || warnings.push(text))
  const whole = { ...attributes, signal: AbortSignal.timeout(30_000), warn }
  try {
    const { object } = whole
    const mutated = object && (await admission.mutate({ ...whole, object }, each => each))
    await admission.validate({ ...whole, object: mutated })
    return { code: 200, ...(mutated && { object: shown(mutated) }), warnings }
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    const { metadata: _, ...status } = error.body
    return { code: error.code, status: comparable(status), warnings }
  }
}

let asked = 0
async function agrees(
  test: Pick<typeof t, 'same'>,
  label: string,
  writes: readonly Write[],
): Promise<void> {
  for (const [index, each] of writes.entries()) {
    const name = each.name ?? `${label}-${index}`
    const { answer, attributes } = await write(name, label, each)
    asked++
    const [theirs, ours] = [outcomeOf(answer), await decided(attributes)]
    test.same(
      JSON.parse(JSON.stringify(ours)),
      JSON.parse(JSON.stringify(theirs)),
      `${label} ${index}: ${theirs.code} ${(theirs.status as { message: string } | undefined)?.message ?? ''}`,
    )
  }
}

for (const name of policies)
  await t.test(`policy ${name}`, test => agrees(test, name, policyCases[name]!.writes))
for (const name of webhooks)
  await t.test(`webhook ${name}`, test => agrees(test, name, cases[name]!.writes))

await t.test('enough was asked', async test => {
  test.comment(`${asked} writes`)
  test.same(refused, [], 'kube-apiserver takes every policy and webhook')
  test.ok(only !== undefined || asked > 150)
})
