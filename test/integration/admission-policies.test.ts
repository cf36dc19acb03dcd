import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { startControlPlane } from '#hack/local/control-plane.ts'
import { install } from '#hack/local/install.ts'
import { until } from '#hack/until.ts'

// No process of Kradle's runs here, and every request below is a cluster admin's unless it says `as`: what is refused is
// refused by the API server itself, with the policies of charts/kradle/admission.

type Change = {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly type?: string
  readonly as?: string
}
type Refusal = { readonly change: Change; readonly says: readonly string[] }
type Meta = {
  name: string
  uid: string
  resourceVersion: string
  generation: number
  labels?: Record<string, string>
  finalizers?: string[]
  ownerReferences?: { uid: string; name: string }[]
  deletionTimestamp?: string
}
/** Whatever the API server may answer, as far as it is looked at here. */
type Stored = {
  metadata: Meta
  spec: {
    organizationRef?: string
    displayName?: string
    failurePolicy?: string
    variables?: { expression: string }[]
    names?: { plural: string }
  }
  status?: {
    phase?: string
    observedGeneration?: number
    typeChecking?: object
    userInfo?: { username: string }
  }
  items: Stored[]
}
type Reply = { status: number; message: string; body: Stored }

const identity = 'system:serviceaccount:kradle-system:identity-controller'
const webhook = 'system:serviceaccount:kradle-system:webhook'
const lookalike = 'system:serviceaccount:default:identity-controller'
const garbageCollector = 'system:serviceaccount:kube-system:generic-garbage-collector'

const home = mkdtempSync(join(tmpdir(), 'kradle-policies-'))
const cluster = await startControlPlane({ home, unsafeNoFsync: true })
const agent = new Agent({ keepAlive: true, maxSockets: 8, ...cluster.adminCertificate })
t.teardown(async () => {
  agent.destroy()
  await cluster.stop()
  rmSync(home, { recursive: true, force: true })
})

// ---- requests

function send(method: string, path: string, change: Partial<Change> = {}): Promise<Reply> {
  const body = change.body === undefined ? undefined : JSON.stringify(change.body)
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(path, cluster.server),
      {
        method,
        agent,
        headers: {
          accept: 'application/json',
          'content-type': change.type ?? 'application/json',
          'content-length': Buffer.byteLength(body ?? ''),
          ...(change.as && { 'impersonate-user': change.as }),
        },
      },
      incoming => {
        let text = ''
        incoming.setEncoding('utf8')
        incoming.on('data', (chunk: string) => (text += chunk))
        incoming.on('end', () => {
          const status = incoming.statusCode ?? 0
          if (!text.startsWith('{'))
            return reject(new Error(`${method} ${path}: ${status} ${text}`))
          const answer = JSON.parse(text) as Stored & { message: string }
          resolve({ status, body: answer, message: status < 300 ? '' : answer.message })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

const get = (path: string) => send('GET', path)
const dryRun = (change: Change) =>
  send(change.method, `${change.path}${change.path.includes('?') ? '&' : '?'}dryRun=All`, change)

async function done(change: Change): Promise<Stored> {
  const reply = await send(change.method, change.path, change)
  if (reply.status >= 300) throw new Error(`${change.method} ${change.path}: ${reply.message}`)
  return reply.body
}

const create = (path: string, body: unknown): Change => ({ method: 'POST', path, body })
const replace = (path: string, body: unknown): Change => ({ method: 'PUT', path, body })
const remove = (path: string, body?: unknown): Change => ({ method: 'DELETE', path, body })
const merge = (path: string, body: unknown): Change => ({
  method: 'PATCH',
  path,
  body,
  type: 'application/merge-patch+json',
})
const patch = (path: string, ...body: object[]): Change => ({
  method: 'PATCH',
  path,
  body,
  type: 'application/json-patch+json',
})
const apply = (path: string, body: unknown): Change => ({
  method: 'PATCH',
  path: `${path}?fieldManager=test&force=true`,
  body,
  type: 'application/apply-patch+yaml',
})
const as = (user: string, change: Change): Change => ({ ...change, as: user })

// ---- objects

const apiVersion = 'kradle.a5c.ai/v1alpha1'
const label = 'kradle.a5c.ai/org'
const platform = 'kradle-system'
const hold = 'kradle.a5c.ai/organization'
const collection = (plural: string, namespace: string) =>
  `/apis/${apiVersion}/namespaces/${namespace}/${plural}`
const teams = (namespace: string) => collection('teams', namespace)
const organizations = collection('organizations', platform)
const bindings = collection('orgnamespacebindings', platform)
const templates = (namespace: string) => collection('policytemplates', namespace)
const probes = collection('probes', 'kradle-org-acme')
const namespaces = '/api/v1/namespaces'
const acme = `${namespaces}/kradle-org-acme`
const core = `${teams('kradle-org-acme')}/core`
const side = `${teams('kradle-org-acme')}/side`
const policies = '/apis/admissionregistration.k8s.io/v1'

type Options = { readonly org?: string; readonly label?: string; readonly meta?: object }

const scoped = (kind: string, name: string | undefined, options: Options) => ({
  apiVersion,
  kind,
  metadata: {
    ...(name !== undefined && { name }),
    ...(options.label !== undefined && { labels: { [label]: options.label } }),
    ...options.meta,
  },
  spec: {
    displayName: 'One',
    ...(options.org !== undefined && { organizationRef: options.org }),
  },
})
const team = (name?: string, options: Options = {}) => scoped('Team', name, options)
const template = (options: Options = {}) => {
  const { spec, ...rest } = scoped('PolicyTemplate', 'x', options)
  const kyverno = { type: 'Validating', spec: {} }
  return { ...rest, spec: { ...spec, targetKinds: ['Repository'], kyverno } }
}
const of = (org: string) => ({ org, label: org })

const organization = (name: string, meta: object = {}) => ({
  apiVersion,
  kind: 'Organization',
  metadata: { name, ...meta },
  spec: { displayName: name, namespaceName: `kradle-org-${name}` },
})
const binding = (name: string, meta: object = {}) => ({
  apiVersion,
  kind: 'OrgNamespaceBinding',
  metadata: { name, ...meta },
  spec: { organizationRef: name, namespace: `kradle-org-${name}` },
})
const namespace = (name: string, meta: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, ...meta },
})
const owner = (uid: string, name = 'acme') => [{ apiVersion, kind: 'Organization', name, uid }]

/** A kind that nobody has written yet: what is true of it is true of all. */
const definition = (plural: string, kind: string) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.kradle.a5c.ai` },
  spec: {
    group: 'kradle.a5c.ai',
    scope: 'Namespaced',
    names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        schema: {
          openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    ],
  },
})

// ---- the world the tables speak of

await install(cluster)
const admin = (
  await send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { body: {} })
).body.status?.userInfo?.username

await Promise.all(
  [identity, webhook, lookalike].map((user, index) =>
    done(
      create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
        metadata: { name: `test-${index}` },
        roleRef: {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'ClusterRole',
          name: 'cluster-admin',
        },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
      }),
    ),
  ),
)
for (const crd of [
  definition('probes', 'Probe'),
  definition('policytemplates', 'PolicyTemplate'),
]) {
  const reply = await send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    body: crd,
  })
  if (reply.status !== 201 && reply.status !== 409) throw new Error(reply.message)
}
for (const [name, org] of [
  ['acme', 'acme'],
  ['globex', 'globex'],
  ['stolen', 'acme'],
  ['bare', undefined],
] as const) {
  const labels = org && { labels: { [label]: org } }
  await done(as(identity, create(namespaces, namespace(`kradle-org-${name}`, labels))))
}
await done(create(namespaces, namespace('elsewhere')))
await until('probes and policytemplates are served', async () => {
  const replies = await Promise.all([get(probes), get(templates(platform))])
  return replies.every(({ status }) => status === 200)
})
const boss = await done(create(organizations, organization('acme', { finalizers: [hold] })))
await done(
  as(identity, create(bindings, binding('acme', { ownerReferences: owner(boss.metadata.uid) }))),
)
await until('teams are filled in', async () => {
  const reply = await dryRun(create(teams('kradle-org-acme'), team('core')))
  return reply.status === 201
})
const stored = await done(create(teams('kradle-org-acme'), team('core')))
await done(create(teams('kradle-org-acme'), team('side')))
await done(
  create(collection('users', 'kradle-org-acme'), {
    ...scoped('User', 'ada', of('acme')),
    spec: { organizationRef: 'acme', displayName: 'Ada', email: 'ada@example.com' },
  }),
)
await until('probes are filled in', async () => {
  const reply = await dryRun(create(probes, scoped('Probe', 'p', {})))
  return reply.status === 201
})
await done(create(probes, { ...scoped('Probe', 'p', {}), spec: { replicas: 1 } }))
const quotas = `${acme}/resourcequotas`
const census = (pods: string) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'kradle-census' },
  spec: { hard: { 'count/pods': pods } },
})
await done(as(identity, apply(`${quotas}/kradle-census`, census('1000000'))))
// Without a resourceVersion, so that later changes of the namespace do not matter.
const tenant = (await get(acme)).body
tenant.metadata.resourceVersion = ''
const relabelled = { ...tenant, metadata: { ...tenant.metadata, labels: { [label]: 'globex' } } }

// ---- what is refused, by policy

const refused: Record<string, Record<string, Refusal>> = {
  'kradle-organization-scope': {
    'a Team in default': {
      change: create(teams('default'), team('x', of('acme'))),
      says: ['metadata.namespace: "default"', 'create Team "x" in "kradle-org-acme"', '[R29]'],
    },
    'a Team in default that names nobody in its label': {
      change: create(teams('default'), team('x', { org: 'acme' })),
      says: ['metadata.namespace: "default"', '"kradle-org-acme"', '[R29]'],
    },
    'a Team in the namespace of the platform': {
      change: create(teams(platform), team('x', of('acme'))),
      says: ['metadata.namespace: "kradle-system"', '"kradle-org-acme"', '[R29]'],
    },
    'a kind without organizationRef in default': {
      change: create(collection('probes', 'default'), scoped('Probe', 'x', {})),
      says: ['metadata.namespace: "default"', '"kradle-org-<slug>"', '[R29]'],
    },
    'a Team in a namespace that is labelled for somebody else': {
      change: create(teams('kradle-org-stolen'), team('x', of('stolen'))),
      says: [
        'metadata.namespace: "kradle-org-stolen" has label',
        '"acme"',
        'Organization "stolen"',
        '[R29]',
      ],
    },
    'a Team in a namespace that is not labelled yet': {
      change: create(teams('kradle-org-bare'), team('x', of('bare'))),
      says: ['metadata.namespace: "kradle-org-bare" has no label', 'Organization "bare"', '[R29]'],
    },
    'a Team whose organizationRef names another organisation': {
      change: create(teams('kradle-org-acme'), team('x', { org: 'globex' })),
      says: [
        'spec.organizationRef: "globex" is not the organisation of namespace "kradle-org-acme", which is "acme"; leave it out or write "acme" [R28]',
      ],
    },
    'a Team whose label names another organisation': {
      change: create(teams('kradle-org-acme'), team('x', { label: 'globex' })),
      says: [
        'metadata.labels["kradle.a5c.ai/org"]: "globex" is not the organisation of namespace "kradle-org-acme", which is "acme"; leave it out or write "acme" [R28]',
      ],
    },
    'a Team that is another organisation’s through and through': {
      change: create(teams('kradle-org-acme'), team('x', of('globex'))),
      says: ['spec.organizationRef: "globex"', '"acme"', '[R28]'],
    },
    'a Team with an empty label': {
      change: create(teams('kradle-org-acme'), team('x', { label: '' })),
      says: ['metadata.labels["kradle.a5c.ai/org"]: ""', 'write "acme"', '[R26]'],
    },
    'an empty organizationRef, where the schema lets it through': {
      change: create(probes, scoped('Probe', 'x', { org: '' })),
      says: ['spec.organizationRef: ""', 'write "acme"', '[R26]'],
    },
    'a generated name does not help': {
      change: create(
        teams('kradle-org-acme'),
        team(undefined, { org: 'globex', meta: { generateName: 'x-' } }),
      ),
      says: ['spec.organizationRef: "globex"', '[R28]'],
    },
    'server-side apply that creates': {
      change: apply(`${teams('kradle-org-acme')}/x`, team('x', { org: 'globex' })),
      says: ['spec.organizationRef: "globex"', '[R28]'],
    },
    'server-side apply that changes': {
      change: apply(core, team('core', { label: 'globex' })),
      says: ['metadata.labels["kradle.a5c.ai/org"]: "globex"', '[R28]'],
    },
    'a new label on an existing Team': {
      change: merge(core, { metadata: { labels: { [label]: 'globex' } } }),
      says: ['metadata.labels["kradle.a5c.ai/org"]: "globex"', '[R28]'],
    },
    'an existing object of a kind without transition rules that moves': {
      change: merge(`${probes}/p`, { spec: { organizationRef: 'globex' } }),
      says: ['spec.organizationRef: "globex"', '[R28]'],
    },
    'what the identity controller itself writes': {
      change: as(identity, create(teams('kradle-org-acme'), team('x', { org: 'globex' }))),
      says: ['spec.organizationRef: "globex"', '[R28]'],
    },
    'a lifetime': {
      change: merge(`${probes}/p`, { metadata: { labels: { 'cleanup.kyverno.io/ttl': '1s' } } }),
      says: [
        'metadata.labels["cleanup.kyverno.io/ttl"]: "1s" would have Probe "p" deleted by Kyverno; leave it out',
        '[R42]',
      ],
    },
    'a lifetime from birth': {
      change: create(
        probes,
        scoped('Probe', 'x', {
          org: 'acme',
          meta: { labels: { [label]: 'acme', 'cleanup.kyverno.io/ttl': '1s' } },
        }),
      ),
      says: ['metadata.labels["cleanup.kyverno.io/ttl"]: "1s"', 'Probe "x"', '[R42]'],
    },
    'a PolicyTemplate in default': {
      change: create(templates('default'), template()),
      says: ['metadata.namespace: "default"', '[R29]'],
    },
    'a PolicyTemplate of the platform that names an organisation': {
      change: create(templates(platform), template({ org: 'acme' })),
      says: ['spec.organizationRef: "acme"', 'leave it out', '"kradle-org-acme"', '[R29]'],
    },
    'a PolicyTemplate of the platform that is labelled': {
      change: create(templates(platform), template({ label: 'acme' })),
      says: ['metadata.labels["kradle.a5c.ai/org"]: "acme"', 'leave it out', '[R29]'],
    },
    'a name with a dot': {
      change: create(teams('kradle-org-acme'), team('core.team')),
      says: ['metadata.name: "core.team" is not a normalised name', 'write "core-team" [R10]'],
    },
    'a name of 64 characters': {
      change: create(teams('kradle-org-acme'), team('a'.repeat(64))),
      says: [`metadata.name: "${'a'.repeat(64)}"`, `write "${'a'.repeat(63)}" [R10]`],
    },
    'a name whose 63 characters end in a hyphen': {
      change: create(teams('kradle-org-acme'), team(`${'a'.repeat(61)}.bc`)),
      says: [`write "${'a'.repeat(61)}-b" [R10]`],
    },
    'a name whose 63 characters end in two hyphens': {
      change: create(teams('kradle-org-acme'), team(`${'a'.repeat(61)}--b`)),
      says: [`write "${'a'.repeat(61)}" [R10]`],
    },
    'an applied name': {
      change: apply(`${teams('kradle-org-acme')}/core.team`, team('core.team')),
      says: ['metadata.name: "core.team"', '"core-team"', '[R10]'],
    },
    'a chosen name that comes with a generateName': {
      change: create(
        teams('kradle-org-acme'),
        team('core.x-a', { meta: { generateName: 'core.x-' } }),
      ),
      says: ['metadata.name: "core.x-a"', '"core-x-a"', '[R10]'],
    },
  },
  'kradle-platform-scope': {
    'a slug with a dot that looks like a generated name': {
      change: create(organizations, {
        ...organization('a.bcdefg'),
        metadata: { name: 'a.bcdefg', generateName: 'a.b' },
      }),
      says: ['metadata.name: "a.bcdefg"', 'write "a-bcdefg"', '[R10]'],
    },
    'a slug with a dot': {
      change: create(organizations, organization('a.b')),
      says: ['metadata.name: "a.b"', 'write "a-b"', '[R10]'],
    },
    'an Organization in an organisation’s namespace': {
      change: create(collection('organizations', 'kradle-org-acme'), organization('x')),
      says: [
        'metadata.namespace: "kradle-org-acme"',
        'Organization "x"',
        'write "kradle-system"',
        '[R30]',
      ],
    },
    'an OrgNamespaceBinding in an organisation’s namespace': {
      change: create(collection('orgnamespacebindings', 'kradle-org-acme'), binding('x')),
      says: ['metadata.namespace: "kradle-org-acme"', 'OrgNamespaceBinding "x"', '[R30]'],
    },
    'an Organization applied to default': {
      change: apply(`${collection('organizations', 'default')}/x`, organization('x')),
      says: ['metadata.namespace: "default"', '[R30]'],
    },
  },
  'kradle-census': {
    'a census with other limits': {
      change: apply(`${quotas}/kradle-census`, census('1')),
      says: ['metadata.name: "kradle-census"', 'use another name', '[R29]'],
    },
    'a count written by hand': {
      change: merge(`${quotas}/kradle-census/status`, { status: { used: { 'count/pods': '0' } } }),
      says: ['metadata.name: "kradle-census"', '[R29]'],
    },
  },
  'kradle-namespaces': {
    'an organisation’s namespace made by hand': {
      change: create(namespaces, namespace('kradle-org-initech')),
      says: [
        'metadata.name: "kradle-org-initech"',
        'create Organization "initech" in "kradle-system"',
        '[R29]',
      ],
    },
    'an organisation’s namespace applied by hand': {
      change: apply(`${namespaces}/kradle-org-initech`, namespace('kradle-org-initech')),
      says: ['metadata.name: "kradle-org-initech"', '[R29]'],
    },
    'an organisation’s namespace whose name is generated': {
      change: create(namespaces, { metadata: { generateName: 'kradle-org-' } }),
      says: ['metadata.name: "kradle-org-', '[R29]'],
    },
    'an organisation’s namespace made by another account of Kradle’s': {
      change: as(webhook, create(namespaces, namespace('kradle-org-initech'))),
      says: ['metadata.name: "kradle-org-initech"', '[R29]'],
    },
    'a namespace that is born with the label': {
      change: create(namespaces, namespace('x', { labels: { [label]: 'acme' } })),
      says: [
        'metadata.labels["kradle.a5c.ai/org"]: "acme"',
        'namespace "x"',
        'leave it out',
        '[R29]',
      ],
    },
    'a namespace that is born with an annotation': {
      change: create(namespaces, namespace('x', { annotations: { 'kradle.a5c.ai/ref': 'y' } })),
      says: ['metadata.annotations["kradle.a5c.ai/ref"]: "y"', '[R29]'],
    },
    'a namespace given to an organisation': {
      change: merge(`${namespaces}/elsewhere`, { metadata: { labels: { [label]: 'acme' } } }),
      says: ['metadata.labels["kradle.a5c.ai/org"]: "acme"', 'namespace "elsewhere"', '[R29]'],
    },
    'a namespace given to another organisation': {
      change: merge(acme, { metadata: { labels: { [label]: 'globex' } } }),
      says: ['metadata.labels["kradle.a5c.ai/org"]: "globex"', 'keep "acme"', '[R29]'],
    },
    'a namespace taken from its organisation': {
      change: patch(acme, { op: 'remove', path: '/metadata/labels/kradle.a5c.ai~1org' }),
      says: ['metadata.labels["kradle.a5c.ai/org"]: ""', 'keep "acme"', '[R29]'],
    },
    'all labels taken from a namespace': {
      change: patch(acme, { op: 'remove', path: '/metadata/labels' }),
      says: ['metadata.labels["kradle.a5c.ai/org"]: ""', 'keep "acme"', '[R29]'],
    },
    'any other label of Kradle’s': {
      change: merge(acme, { metadata: { labels: { 'kradle.a5c.ai/owner-uid': 'x' } } }),
      says: ['metadata.labels["kradle.a5c.ai/owner-uid"]: "x"', '[R29]'],
    },
    'an annotation of Kradle’s': {
      change: merge(acme, { metadata: { annotations: { 'kradle.a5c.ai/ref': 'x' } } }),
      says: ['metadata.annotations["kradle.a5c.ai/ref"]: "x"', '[R29]'],
    },
    'a relabelling through /status': {
      change: merge(`${acme}/status`, { metadata: { labels: { [label]: 'globex' } } }),
      says: ['metadata.labels["kradle.a5c.ai/org"]: "globex"', 'keep "acme"', '[R29]'],
    },
    'an annotation through /status': {
      change: merge(`${acme}/status`, { metadata: { annotations: { 'kradle.a5c.ai/ref': 'x' } } }),
      says: ['metadata.annotations["kradle.a5c.ai/ref"]: "x"', '[R29]'],
    },
    'a relabelling applied to /status': {
      change: apply(
        `${acme}/status`,
        namespace('kradle-org-acme', { labels: { [label]: 'globex' } }),
      ),
      says: ['metadata.labels["kradle.a5c.ai/org"]: "globex"', '[R29]'],
    },
    'an organisation’s namespace that is let go by hand': {
      change: replace(`${acme}/finalize`, { ...tenant, spec: { finalizers: [] } }),
      says: ['spec.finalizers: of namespace "kradle-org-acme"', 'namespace controller', '[R29]'],
    },
    'a relabelling through /finalize': {
      change: replace(`${acme}/finalize`, relabelled),
      says: ['metadata.labels["kradle.a5c.ai/org"]: "globex"', 'keep "acme"', '[R29]'],
    },
    'a relabelling by the garbage collector': {
      change: as(garbageCollector, merge(acme, { metadata: { labels: { [label]: 'globex' } } })),
      says: ['metadata.labels["kradle.a5c.ai/org"]: "globex"', garbageCollector, '[R29]'],
    },
  },
  'kradle-status-writers': {
    ...Object.fromEntries(
      [
        core,
        `${collection('users', 'kradle-org-acme')}/ada`,
        `${organizations}/acme`,
        `${bindings}/acme`,
      ].map(path => [
        `a status patch of ${path.split('/').at(-2)}`,
        {
          change: merge(`${path}/status`, { status: { phase: 'Forged' } }),
          says: [
            `status: "${admin}" does not write the status of`,
            `only "${identity}" does`,
            '[R20]',
          ],
        },
      ]),
    ),
    'a status that is replaced': {
      change: replace(`${core}/status`, { ...stored, status: { phase: 'Forged' } }),
      says: ['status of Team "core"', '[R20]'],
    },
    'a status that is applied': {
      change: apply(`${core}/status`, {
        apiVersion,
        kind: 'Team',
        metadata: { name: 'core' },
        status: { phase: 'x' },
      }),
      says: ['status of Team "core"', '[R20]'],
    },
    'a status by another account of Kradle’s': {
      change: as(webhook, merge(`${core}/status`, { status: { phase: 'Forged' } })),
      says: [`"${webhook}"`, '[R20]'],
    },
    'a status by an account of the same name elsewhere': {
      change: as(lookalike, merge(`${core}/status`, { status: { phase: 'Forged' } })),
      says: [`"${lookalike}"`, '[R20]'],
    },
    'the status of a kind without a controller': {
      change: as(identity, merge(`${probes}/p/status`, { status: { phase: 'Forged' } })),
      says: ['status of Probe "p"', 'nor does anybody yet', '[R20]'],
    },
  },
  'kradle-managed-objects': {
    'a binding that is born with an owner': {
      change: create(bindings, binding('globex', { ownerReferences: owner(boss.metadata.uid) })),
      says: [
        'metadata.ownerReferences: "Organization/acme"',
        'OrgNamespaceBinding "globex"',
        '[R31]',
      ],
    },
    'a binding that gets an owner who does not exist': {
      change: merge(`${bindings}/acme`, { metadata: { ownerReferences: owner('gone') } }),
      says: ['metadata.ownerReferences: "Organization/acme"', '[R31]'],
    },
    'a binding that loses its owner': {
      change: patch(`${bindings}/acme`, { op: 'remove', path: '/metadata/ownerReferences' }),
      says: ['metadata.ownerReferences: ""', 'keep "Organization/acme"', '[R31]'],
    },
    'an Organization that gets an owner': {
      change: merge(`${organizations}/acme`, {
        metadata: { ownerReferences: owner('gone', 'ghost') },
      }),
      says: ['metadata.ownerReferences: "Organization/ghost"', 'Organization "acme"', '[R31]'],
    },
    'an owner from the garbage collector': {
      change: as(
        garbageCollector,
        merge(`${organizations}/acme`, { metadata: { ownerReferences: owner('gone', 'ghost') } }),
      ),
      says: ['metadata.ownerReferences: "Organization/ghost"', garbageCollector, '[R31]'],
    },
    'a binding with a lifetime': {
      change: merge(`${bindings}/acme`, {
        metadata: { labels: { 'cleanup.kyverno.io/ttl': '1s' } },
      }),
      says: ['metadata.labels["cleanup.kyverno.io/ttl"]: "1s"', '[R31]'],
    },
    'an Organization that is born with a lifetime': {
      change: create(
        organizations,
        organization('x', { labels: { 'cleanup.kyverno.io/ttl': '1s' } }),
      ),
      says: ['metadata.labels["cleanup.kyverno.io/ttl"]: "1s"', 'Organization "x"', '[R31]'],
    },
    'an Organization with a lifetime as annotation': {
      change: merge(`${organizations}/acme`, {
        metadata: { annotations: { 'cleanup.kyverno.io/ttl': '1s' } },
      }),
      says: ['metadata.annotations["cleanup.kyverno.io/ttl"]: "1s"', '[R31]'],
    },
    'an Organization with a propagation policy of Kyverno’s': {
      change: merge(`${organizations}/acme`, {
        metadata: { annotations: { 'cleanup.kyverno.io/propagation-policy': 'Orphan' } },
      }),
      says: ['metadata.annotations["cleanup.kyverno.io/propagation-policy"]: "Orphan"', '[R31]'],
    },
    'a living Organization that loses its finalizer': {
      change: merge(`${organizations}/acme`, { metadata: { finalizers: null } }),
      says: [
        'metadata.finalizers: "kradle.a5c.ai/organization"',
        'Organization "acme"',
        'put it back',
        '[R31]',
      ],
    },
    'a living Organization whose finalizer is swapped': {
      change: merge(`${organizations}/acme`, { metadata: { finalizers: ['example.com/other'] } }),
      says: ['metadata.finalizers: "kradle.a5c.ai/organization"', '[R31]'],
    },
  },
}

// ---- what passes

const allowed: Record<string, Change> = {
  'a complete Team': create(teams('kradle-org-acme'), team('x', of('acme'))),
  'a Team that leaves everything out': create(teams('kradle-org-acme'), team('x')),
  'a Team with other labels': create(
    teams('kradle-org-acme'),
    team('x', { meta: { labels: { tier: 'gold' } } }),
  ),
  'a Team whose labels are null': create(
    teams('kradle-org-acme'),
    team('x', { meta: { labels: null, annotations: null } }),
  ),
  'a Team applied without organisation': apply(`${teams('kradle-org-acme')}/x`, team('x')),
  'a name of 63 characters': create(teams('kradle-org-acme'), team('a'.repeat(63))),
  'a name of one character': create(teams('kradle-org-acme'), team('a')),
  'a name with two hyphens': create(teams('kradle-org-acme'), team('a--b')),
  'a generated name': create(
    teams('kradle-org-acme'),
    team(undefined, { meta: { generateName: 'core-' } }),
  ),
  'a generated name that nobody could have chosen': create(
    teams('kradle-org-acme'),
    team(undefined, { meta: { generateName: 'core.x-' } }),
  ),
  'a generated name whose prefix is cut': create(
    teams('kradle-org-acme'),
    team(undefined, { meta: { generateName: `a.${'b'.repeat(80)}` } }),
  ),
  'a Team replaced without organisation or label': replace(core, {
    ...team('core', { meta: { resourceVersion: stored.metadata.resourceVersion } }),
    spec: { displayName: 'Two' },
  }),
  'a Team whose label is taken away': patch(core, {
    op: 'remove',
    path: '/metadata/labels/kradle.a5c.ai~1org',
  }),
  'a change of spec': merge(core, { spec: { displayName: 'Two' } }),
  'a deletion': remove(core),
  'a deletion of all': remove(teams('kradle-org-acme')),
  'a kind without organizationRef in its schema': create(probes, scoped('Probe', 'x', {})),
  'a change of scale': merge(`${probes}/p/scale`, { spec: { replicas: 3 } }),
  'a PolicyTemplate of the platform': create(templates(platform), template()),
  'a PolicyTemplate of an organisation': create(templates('kradle-org-acme'), template()),
  'an Organization': create(organizations, organization('x')),
  'an OrgNamespaceBinding': create(bindings, binding('globex')),
  'a binding with an owner, by the identity controller': as(
    identity,
    create(bindings, binding('globex', { ownerReferences: owner(boss.metadata.uid) })),
  ),
  'a binding whose owner the garbage collector takes away': as(
    garbageCollector,
    merge(`${bindings}/acme`, { metadata: { ownerReferences: null } }),
  ),
  'a binding whose owner the garbage collector unblocks': as(
    garbageCollector,
    merge(`${bindings}/acme`, {
      metadata: {
        ownerReferences: [{ ...owner(boss.metadata.uid)[0], blockOwnerDeletion: false }],
      },
    }),
  ),
  'an owner on an object that is not guarded': merge(`${probes}/p`, {
    metadata: { ownerReferences: owner('gone') },
  }),
  'a finalizer of somebody else’s on an Organization': merge(`${organizations}/acme`, {
    metadata: { finalizers: [hold, 'example.com/other'] },
  }),
  'a finalizer that the identity controller takes away': as(
    identity,
    merge(`${organizations}/acme`, { metadata: { finalizers: null } }),
  ),
  'the deletion of an Organization': remove(`${organizations}/acme`),
  'a confirmation on an Organization': merge(`${organizations}/acme`, {
    metadata: { annotations: { 'kradle.a5c.ai/confirm-delete': 'acme' } },
  }),
  'any other namespace': create(namespaces, namespace('x', { labels: { team: 'core' } })),
  'a namespace whose name only looks similar': create(namespaces, namespace('kradle-organic')),
  'any other label on an organisation’s namespace': merge(acme, {
    metadata: { labels: { tier: 'gold' } },
  }),
  'any other annotation on an organisation’s namespace': merge(acme, {
    metadata: { annotations: { 'example.com/a': 'b' } },
  }),
  'a condition of a namespace': merge(`${acme}/status`, {
    status: { conditions: [{ type: 'Quiet', status: 'True', reason: 'Test', message: '' }] },
  }),
  'a finalize that changes nothing': replace(`${acme}/finalize`, tenant),
  'a ResourceQuota of another name': apply(`${quotas}/mine`, {
    ...census('1'),
    metadata: { name: 'mine' },
  }),
  'the deletion of an organisation’s namespace': remove(acme),
  'a namespace by the identity controller': as(
    identity,
    create(namespaces, namespace('kradle-org-x', { labels: { [label]: 'x' } })),
  ),
  'a label by the identity controller': as(
    identity,
    merge(`${namespaces}/kradle-org-bare`, { metadata: { labels: { [label]: 'bare' } } }),
  ),
  'a namespace whose status the identity controller labels': as(
    identity,
    merge(`${namespaces}/kradle-org-bare/status`, { metadata: { labels: { [label]: 'bare' } } }),
  ),
  ...Object.fromEntries(
    [
      core,
      `${collection('users', 'kradle-org-acme')}/ada`,
      `${organizations}/acme`,
      `${bindings}/acme`,
    ].map(path => [
      `a status of ${path.split('/').at(-2)} by the identity controller`,
      as(identity, merge(`${path}/status`, { status: { phase: 'Ready' } })),
    ]),
  ),
}

// ---- the tests

const named = (policy: string) => `ValidatingAdmissionPolicy '${policy}'`

/** A policy takes seconds to be in force after it is written. */
async function inForce(): Promise<void> {
  const pending = new Map(Object.entries(refused))
  await until('every policy is in force', async () => {
    for (const [policy, rows] of pending) {
      const replies = await Promise.all(Object.values(rows).map(({ change }) => dryRun(change)))
      if (replies.every(({ message }) => message.includes(named(policy)))) pending.delete(policy)
    }
    return pending.size === 0
  }).catch((error: unknown) => t.comment(`${String(error)}: ${[...pending.keys()].join(', ')}`))
  await until('defaults are in force', async () => {
    const reply = await dryRun(create(teams('kradle-org-acme'), team('x')))
    return reply.status === 201
  })
}

async function refuses(
  tap: Pick<typeof t, 'ok' | 'match'>,
  says: readonly string[],
  reply: Reply,
): Promise<void> {
  tap.ok([403, 422].includes(reply.status), `status ${reply.status}`)
  for (const part of says) tap.match(reply.message, part)
}

await inForce()

/** Their rows are in identity-policies.test.ts and policy-escapes.test.ts. */
const judgedElsewhere = [
  'kradle-agent-bindings',
  'kradle-agent-identity',
  'kradle-agent-tokens',
  'kradle-controller-revisions',
  'kradle-exception-requests',
  'kradle-policy-objects',
  'kradle-requester-rights',
  'kradle-run-identity',
  'kradle-stack-deletion',
  'kradle-target-labels',
]

t.test('every policy fails closed, has no parameters and no type warnings', async t => {
  const list = async (kind: string) =>
    (await get(`${policies}/${kind}?labelSelector=app.kubernetes.io/part-of=kradle`)).body.items
  const validating = await list('validatingadmissionpolicies')
  const mutating = await list('mutatingadmissionpolicies')
  t.same(
    validating.map(({ metadata }) => metadata.name).toSorted(),
    [...Object.keys(refused), ...judgedElsewhere].toSorted(),
  )
  t.same(mutating.map(({ metadata }) => metadata.name).toSorted(), [
    'kradle-exception-request-defaults',
    'kradle-organization-defaults',
  ])
  for (const { metadata, spec } of [...validating, ...mutating]) {
    t.match({ name: metadata.name, ...spec }, { failurePolicy: 'Fail', paramKind: undefined })
  }
  for (const { metadata } of validating) {
    const path = `${policies}/validatingadmissionpolicies/${metadata.name}`
    let policy = (await get(path)).body
    await until(`${metadata.name} is type-checked`, async () => {
      policy = (await get(path)).body
      return policy.status?.observedGeneration === policy.metadata.generation
    })
    t.same(policy.status?.typeChecking, {}, `${metadata.name} has no type warnings`)
  }
})

t.test('every kind that is shipped has a writer of its status', async t => {
  const writers = (await get(`${policies}/validatingadmissionpolicies/kradle-status-writers`)).body
  const crds = (
    await get(
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?labelSelector=app.kubernetes.io/part-of=kradle',
    )
  ).body
  for (const { spec } of crds.items) {
    t.match(writers.spec.variables?.[0]?.expression, `'${spec.names?.plural}': '`)
  }
})

for (const [policy, rows] of Object.entries(refused)) {
  t.test(`${policy} refuses`, async t => {
    for (const [name, { change, says }] of Object.entries(rows)) {
      t.test(name, async t => {
        await refuses(t, [named(policy), ...says], await dryRun(change))
      })
    }
  })
}

t.test('passes', async t => {
  for (const [name, change] of Object.entries(allowed)) {
    t.test(name, async t => {
      const reply = await dryRun(change)
      t.ok(reply.status < 300, `${reply.status} ${reply.message}`)
    })
  }
})

t.test('what is left out is filled in, and what is there is left alone', async t => {
  const written = async (change: Change) => {
    const reply = await dryRun(change)
    const { metadata, spec } = reply.body
    return { labels: metadata.labels, spec }
  }
  const path = teams('kradle-org-acme')
  const filled = {
    labels: { [label]: 'acme' },
    spec: { displayName: 'One', organizationRef: 'acme' },
  }
  t.same(await written(create(path, team('x'))), filled)
  t.same(await written(create(path, team('x', of('acme')))), filled)
  t.same(await written(create(path, team('x', { org: 'acme' }))), filled)
  t.same(await written(create(path, team('x', { label: 'acme' }))), filled)
  t.same(await written(create(path, team('x', { meta: { labels: {} } }))), filled)
  t.same(await written(create(path, team('x', { meta: { labels: { a: 'b' } } }))), {
    ...filled,
    labels: { a: 'b', [label]: 'acme' },
  })
  t.same(await written(apply(`${path}/x`, team('x'))), filled)
  t.same(
    await written(
      replace(core, team('core', { meta: { resourceVersion: stored.metadata.resourceVersion } })),
    ),
    filled,
  )
  t.same(await written(create(probes, { apiVersion, kind: 'Probe', metadata: { name: 'x' } })), {
    labels: { [label]: 'acme' },
    spec: { organizationRef: 'acme' },
  })

  for (const spec of [undefined, null]) {
    const bare = await dryRun(create(path, { ...team('x'), spec }))
    t.match(
      bare,
      { status: 422, message: 'spec.displayName: Required value' },
      'required fields, not a crash (R4)',
    )
    t.notMatch(bare.message, 'organizationRef')
  }
  t.match(await dryRun(create(path, { ...team('x'), spec: 'one' })), {
    status: 422,
    message: 'of type object',
  })
  t.match(
    await dryRun(create(path, { ...team('x'), spec: { organizationRef: 3, displayName: 'x' } })),
    { status: 422, message: 'of type string' },
  )
  t.match(
    await dryRun(create(teams('default'), team('x'))),
    { status: 422, message: 'spec.organizationRef: Required value' },
    'nothing is filled in where there is no organisation',
  )
})

t.test('no other way leads to the label or the status of an object', async t => {
  const sent = { metadata: { labels: { [label]: 'globex' } }, spec: { organizationRef: 'globex' } }
  const after = await done(
    as(identity, merge(`${side}/status`, { ...sent, status: { phase: 'Ready' } })),
  )
  t.match(after, {
    metadata: { labels: { [label]: 'acme' } },
    spec: { organizationRef: 'acme' },
    status: { phase: 'Ready' },
  })
  await done(merge(`${probes}/p/scale`, { ...sent, spec: { replicas: 2 } }))
  t.match((await get(`${probes}/p`)).body, {
    metadata: { labels: { [label]: 'acme' } },
    spec: { organizationRef: 'acme', replicas: 2 },
  })
  const kept = await done(merge(side, { status: { phase: 'Forged' } }))
  t.match(kept.status, { phase: 'Ready' })
})

t.test('kubectl', async t => {
  let files = 0
  const kubectl = (args: string[], object?: unknown) => {
    const file = join(home, `object-${files++}.json`)
    if (object !== undefined) writeFileSync(file, JSON.stringify(object))
    return new Promise<{ code: number; out: string }>(resolve => {
      execFile(
        cluster.kubectl,
        [...args, ...(object === undefined ? [] : ['-f', file])],
        {
          env: {
            ...process.env,
            KUBECONFIG: cluster.adminKubeconfig,
            KUBE_EDITOR: 'sed -i s/Ready/Forged/',
          },
        },
        (error, stdout, stderr) => resolve({ code: error ? 1 : 0, out: stdout + stderr }),
      )
    })
  }
  const inside = { namespace: 'kradle-org-acme' }
  const fleet = team('fleet', { meta: inside })

  t.match(await kubectl(['apply', '--server-side'], fleet), { code: 0, out: 'serverside-applied' })
  const first = (await get(`${teams('kradle-org-acme')}/fleet`)).body
  t.match(first, { metadata: { labels: { [label]: 'acme' } }, spec: { organizationRef: 'acme' } })
  t.match(await kubectl(['apply', '--server-side'], fleet), { code: 0 })
  t.match(
    (await get(`${teams('kradle-org-acme')}/fleet`)).body,
    { metadata: { resourceVersion: first.metadata.resourceVersion } },
    'applying again changes nothing',
  )
  t.match(await kubectl(['apply'], team('crew', { meta: inside })), { code: 0, out: 'created' })
  t.match(await kubectl(['apply'], team('crew', { meta: inside })), { code: 0, out: 'unchanged' })
  t.match(await kubectl(['replace'], team('crew', { meta: inside })), { code: 0, out: 'replaced' })
  t.match(
    await kubectl(['create'], team(undefined, { meta: { ...inside, generateName: 'crew-' } })),
    {
      code: 0,
      out: /team\.kradle\.a5c\.ai\/crew-\w{5} created/,
    },
  )
  t.match(
    await kubectl(['create', '--dry-run=server'], team('x', { org: 'globex', meta: inside })),
    { code: 1, out: 'leave it out or write "acme" [R28]' },
  )
  t.match(
    await kubectl(
      ['apply', '--server-side', '--force-conflicts'],
      team('fleet', { label: 'globex', meta: inside }),
    ),
    { code: 1, out: '[R28]' },
  )
  const forged = '{"status":{"phase":"Forged"}}'
  const mine = ['team', 'side', '-n', 'kradle-org-acme']
  t.match(await kubectl(['patch', ...mine, '--subresource=status', '--type=merge', '-p', forged]), {
    code: 1,
    out: '[R20]',
  })
  t.match(await kubectl(['edit', ...mine, '--subresource=status']), { code: 1, out: '[R20]' })
  t.match(await kubectl(['label', 'namespace', 'kradle-org-acme', `${label}-`]), {
    code: 1,
    out: '[R29]',
  })
  t.match(await kubectl(['label', 'namespace', 'default', `${label}=acme`]), {
    code: 1,
    out: '[R29]',
  })
  t.match(await kubectl(['label', 'namespace', 'kradle-org-acme', 'tier=gold']), { code: 0 })
  t.match(await kubectl(['create', 'namespace', 'kradle-org-umbrella']), { code: 1, out: '[R29]' })
  t.match(await kubectl(['delete', 'team', 'crew', '-n', 'kradle-org-acme']), {
    code: 0,
    out: 'deleted',
  })
})

const old = (name: string, options: Options, finalizers = ['example.com/hold']) =>
  team(name, { ...options, meta: { ...options.meta, finalizers } })
const inAcme = (name: string) => `${teams('kradle-org-acme')}/${name}`

const unbind = (kind: string) =>
  done(remove(`${policies}/${kind}?labelSelector=app.kubernetes.io/part-of=kradle`))

t.test('it is these policies that refuse: without them, every row above passes', async t => {
  await unbind('validatingadmissionpolicybindings')
  for (const [policy, rows] of Object.entries(refused)) {
    let failing: string[] = []
    await until(`${policy} is out of force`, async () => {
      const replies = await Promise.all(
        Object.entries(rows).map(async ([name, { change }]) => ({
          name,
          ...(await dryRun(change)),
        })),
      )
      failing = replies
        .filter(({ status }) => status >= 300)
        .map(({ name, message }) => `${name}: ${message}`)
      return failing.every(reason => !reason.includes('ValidatingAdmissionPolicy'))
    })
    t.same(failing, [], policy)
  }
  await unbind('mutatingadmissionpolicybindings')
  await until('nothing is filled in', async () => {
    const reply = await dryRun(create(teams('kradle-org-acme'), team('x')))
    return reply.message.includes('spec.organizationRef: Required value')
  })

  // Objects from before the rules, for the tests below.
  await done(create(teams('kradle-org-acme'), old('alien', of('globex'))))
  await done(create(teams('kradle-org-acme'), old('unlabelled', { org: 'acme' })))
  await done(create(teams('kradle-org-acme'), old('old.name', of('acme'))))
  await done(create(teams('kradle-org-globex'), old('alien', of('acme'))))
  await done(create(teams('default'), old('stray', of('acme'))))
})

t.test('they come back', async () => {
  await install(cluster)
  await inForce()
})

t.test('an object from before the rules', async t => {
  const stray = `${teams('default')}/stray`
  t.test('may change what no rule is about', async t => {
    for (const path of [inAcme('alien'), inAcme('unlabelled'), inAcme('old.name'), stray]) {
      for (const metadata of [
        { labels: { tier: 'gold' } },
        { annotations: { 'example.com/a': 'b' } },
        { finalizers: [] },
        { finalizers: ['example.com/hold', 'example.com/other'] },
      ]) {
        const reply = await dryRun(merge(path, { metadata }))
        t.equal(reply.status, 200, `${path} ${JSON.stringify(metadata)} ${reply.message}`)
      }
    }
    const untouched = await dryRun(merge(inAcme('unlabelled'), { metadata: { finalizers: [] } }))
    t.notOk(untouched.body.metadata.labels, 'without gaining a label on the way')
  })
  t.test('is judged when what a rule is about changes', async t => {
    const change = { spec: { displayName: 'Two' } }
    await refuses(
      t,
      ['spec.organizationRef: "globex"', '[R28]'],
      await dryRun(merge(inAcme('alien'), change)),
    )
    await refuses(t, ['metadata.namespace: "default"', '[R29]'], await dryRun(merge(stray, change)))
    await refuses(
      t,
      ['metadata.labels', '[R28]'],
      await dryRun(merge(inAcme('unlabelled'), { metadata: { labels: { [label]: 'globex' } } })),
    )
    t.match((await dryRun(merge(inAcme('unlabelled'), change))).body.metadata.labels, {
      [label]: 'acme',
    })
    t.match(await dryRun(merge(inAcme('old.name'), change)), { status: 200 })
  })
  t.test('can go', async t => {
    for (const path of [inAcme('alien'), inAcme('unlabelled'), inAcme('old.name'), stray]) {
      await done(remove(path))
      t.ok((await get(path)).body.metadata.deletionTimestamp, `${path} is held`)
      const reply = await send('PATCH', path, merge(path, { metadata: { finalizers: [] } }))
      t.equal(reply.status, 200, reply.message)
      t.equal((await get(path)).status, 404)
    }
  })
})

t.test('an organisation’s namespace goes, with what is in it', async t => {
  const path = `${namespaces}/kradle-org-globex`
  await done(
    create(
      teams('kradle-org-globex'),
      team('held', { meta: { finalizers: ['example.com/hold'] } }),
    ),
  )
  await done(create(teams('kradle-org-globex'), team('free')))
  await done(remove(path))
  await until('everything is being deleted', async () => {
    const { items } = (await get(teams('kradle-org-globex'))).body
    return items.length === 2 && items.every(({ metadata }) => metadata.deletionTimestamp)
  })
  await refuses(
    t,
    ['keep "globex"', '[R29]'],
    await dryRun(merge(`${path}/status`, { metadata: { labels: { [label]: 'acme' } } })),
  )
  for (const name of ['held', 'alien']) {
    const reply = await send(
      'PATCH',
      `${teams('kradle-org-globex')}/${name}`,
      merge('', { metadata: { finalizers: null } }),
    )
    t.equal(reply.status, 200, reply.message)
  }
  await until('the namespace is gone', async () => (await get(path)).status === 404)
  t.pass('gone')
})

t.test('an Organization goes without Kradle', async t => {
  t.test('orphaning its binding', async t => {
    const initech = await done(create(organizations, organization('initech')))
    const ownerReferences = owner(initech.metadata.uid, 'initech')
    await done(as(identity, create(bindings, binding('initech', { ownerReferences }))))
    await done(remove(`${organizations}/initech`, { propagationPolicy: 'Orphan' }))
    await until('it is gone', async () => (await get(`${organizations}/initech`)).status === 404)
    t.same((await get(`${bindings}/initech`)).body.metadata.ownerReferences, undefined)
  })
  t.test('once its finalizer is taken away by hand', async t => {
    await done(remove(`${organizations}/acme`))
    const reply = await send(
      'PATCH',
      `${organizations}/acme`,
      merge('', { metadata: { finalizers: null } }),
    )
    t.equal(reply.status, 200, reply.message)
    await until('it is gone', async () => (await get(`${organizations}/acme`)).status === 404)
  })
})
