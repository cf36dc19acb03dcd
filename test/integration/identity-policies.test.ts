import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { startControlPlane } from '#hack/local/control-plane.ts'
import { install } from '#hack/local/install.ts'
import {
  ANNOTATION_CONFIRM_DELETE,
  GUARDED_ANNOTATIONS,
  GUARDED_LABELS,
  LABEL_ORG,
  LABEL_OWNER_UID,
} from '#src/api/names.ts'
import { until } from '#test/support/running.ts'

// No process of Kradle's runs here, and every request below is a cluster admin's unless it says `as`: what is refused is
// refused by the API server itself, with the policies of charts/kradle/admission.

type Change = {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly type?: string
  readonly as?: readonly string[]
}
type Refusal = { readonly change: Change; readonly says: readonly string[] }
type Meta = {
  name: string
  uid: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: { kind: string }[]
  generation: number
}
/** Whatever the API server may answer, as far as it is looked at here. */
type Stored = {
  kind: string
  metadata: Meta
  spec: { failurePolicy?: string; nodeName?: string; containers?: { image?: string }[] }
  status?: {
    observedGeneration?: number
    typeChecking?: object
    userInfo?: { username: string }
    token?: string
    phase?: string
  }
  items: Stored[]
}
type Reply = { status: number; message: string; body: Stored }

const platformAccount = (name: string) => `system:serviceaccount:kradle-system:${name}`
const clusterAccount = (name: string) => `system:serviceaccount:kube-system:${name}`
const identity = platformAccount('identity-controller')
const grants = platformAccount('grants-controller')
const dispatch = platformAccount('dispatch-controller')
const runner = platformAccount('runner-controller')
/** One of Kradle's accounts, which the tests give the rights of jane and no more. */
const webhook = platformAccount('webhook')
const lookalike = 'system:serviceaccount:default:dispatch-controller'
const garbageCollector = clusterAccount('generic-garbage-collector')
const scheduler = 'system:kube-scheduler'
const node = ['system:node:n1', 'system:nodes']
/** May write everything in the namespace of acme, and read, use, bind nothing. */
const jane = 'jane'
/** The same, and may `get` Secret `model` and ConfigMap `settings`, `use` accounts `robot` and `helper`, `bind` kradle-member. */
const ursula = 'ursula'
/** The same, and may `bind` all roles of people. */
const ada = 'ada'
/** May delete collections in the namespace of acme, and nothing else. */
const sweeper = 'sweeper'

const home = mkdtempSync(join(tmpdir(), 'kradle-identity-'))
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
  const [user, ...groups] = change.as ?? []
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
          ...(user !== undefined && { 'impersonate-user': user }),
          ...(groups.length > 0 && { 'impersonate-group': groups }),
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
const remove = (path: string, body?: unknown): Change => ({ method: 'DELETE', path, body })
const merge = (path: string, body: unknown): Change => ({
  method: 'PATCH',
  path,
  body,
  type: 'application/merge-patch+json',
})
const strategic = (path: string, body: unknown): Change => ({
  ...merge(path, body),
  type: 'application/strategic-merge-patch+json',
})
const apply = (path: string, body: unknown): Change => ({
  method: 'PATCH',
  path: `${path}?fieldManager=test&force=true`,
  body,
  type: 'application/apply-patch+yaml',
})
const as = (user: string | readonly string[], change: Change): Change => ({
  ...change,
  as: typeof user === 'string' ? [user] : user,
})
const labelled = (path: string, labels: object) => merge(path, { metadata: { labels } })
const annotated = (path: string, annotations: object) => merge(path, { metadata: { annotations } })

// ---- objects

const org = 'kradle-org-acme'
const apiVersion = 'kradle.a5c.ai/v1alpha1'
const rbacVersion = 'rbac.authorization.k8s.io/v1'
const rbacGroup = 'rbac.authorization.k8s.io'
const namespaces = '/api/v1/namespaces'
const policies = '/apis/admissionregistration.k8s.io/v1'
const kradle = (plural: string, namespace = org) =>
  `/apis/${apiVersion}/namespaces/${namespace}/${plural}`
const core = (plural: string, namespace = org) => `${namespaces}/${namespace}/${plural}`
const apps = (plural: string, namespace = org) => `/apis/apps/v1/namespaces/${namespace}/${plural}`
const batch = (plural: string, namespace = org) =>
  `/apis/batch/v1/namespaces/${namespace}/${plural}`
const rbac = (plural: string, namespace = org) =>
  `/apis/${rbacVersion}/namespaces/${namespace}/${plural}`
const clusterRoleBindings = `/apis/${rbacVersion}/clusterrolebindings`
const pods = core('pods')

const key = (name: string) => `kradle.a5c.ai/${name}`
const runLabels = { [key('dispatch-run')]: 'r1', [key('trust-tier')]: 'trusted' }
const runAnnotations = { [key('ref')]: 'refs/heads/main' }
/** Without label `app`, by which a ReplicaSet would take the Pod for its own. */
const marked = { labels: runLabels, annotations: runAnnotations }
const run = { labels: { app: 'x', ...runLabels }, annotations: runAnnotations }
const app = { labels: { app: 'x' } }
const swap = { containers: [{ name: 'main', image: 'evil' }] }

const podSpec = (spec: object = {}) => ({
  terminationGracePeriodSeconds: 0,
  containers: [{ name: 'main', image: 'good' }],
  ...spec,
})
const pod = (name: string, meta: object = {}, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...meta },
  spec: podSpec(spec),
})
const claim = (name: string, meta: object = {}) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, ...meta },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
})
const bindingTo = (name: string, meta: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Binding',
  metadata: { name, ...meta },
  target: { kind: 'Node', name: 'n1' },
})

type Template = { metadata?: object; spec: object }
type Workload = { readonly path: string; readonly at: string; body(template: Template): object }

const selector = { matchLabels: { app: 'x' } }
const workload = (path: string, rest: object = {}): Workload => ({
  path,
  at: 'spec.template',
  body: template => ({ spec: { selector, ...rest, template } }),
})
const never = (template: Template): Template => ({
  ...template,
  spec: { restartPolicy: 'Never', ...template.spec },
})
/** Every kind with a Pod template. */
const workloads: Record<string, Workload> = {
  Deployment: workload(apps('deployments')),
  ReplicaSet: workload(apps('replicasets')),
  DaemonSet: workload(apps('daemonsets')),
  StatefulSet: workload(apps('statefulsets'), { serviceName: 'x' }),
  ReplicationController: workload(core('replicationcontrollers'), { selector: { app: 'x' } }),
  Job: {
    path: batch('jobs'),
    at: 'spec.template',
    body: template => ({ spec: { suspend: true, template: never(template) } }),
  },
  CronJob: {
    path: batch('cronjobs'),
    at: 'spec.jobTemplate.spec.template',
    body: template => ({
      spec: {
        schedule: '@yearly',
        suspend: true,
        jobTemplate: { spec: { template: never(template) } },
      },
    }),
  },
  PodTemplate: {
    path: core('podtemplates'),
    at: 'template',
    body: template => ({ template }),
  },
}
/** An object of that kind, none of which runs anything. */
const idle = (kind: string, name: string, template: Template, meta: object = {}) => {
  const body = workloads[kind]!.body(template) as { spec?: object }
  const scaled = ['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'].includes(kind)
  return {
    metadata: { name, ...meta },
    ...body,
    ...(scaled && { spec: { replicas: 0, ...body.spec } }),
    ...(kind === 'DaemonSet' && {
      spec: {
        ...body.spec,
        template: { ...template, spec: { nodeSelector: { no: 'where' }, ...template.spec } },
      },
    }),
  }
}
const template = (meta: object = app, spec: object = {}): Template => ({
  metadata: meta,
  spec: podSpec(spec),
})
/** The same patch to the Pod template of whatever kind. */
const templatePatch = (kind: string, patch: object) =>
  workloads[kind]!.at.split('.').reduceRight<object>((inner, name) => ({ [name]: inner }), patch)

const scoped = (kind: string, name: string, spec: object, meta: object = {}) => ({
  apiVersion,
  kind,
  metadata: { name, labels: { [key('org')]: 'acme' }, ...meta },
  spec: { organizationRef: 'acme', ...spec },
})
const user = (name: string, spec: object = {}) =>
  scoped('User', name, { displayName: name, email: `${name}@example.com`, ...spec })
const team = (name: string, spec: object = {}) =>
  scoped('Team', name, { displayName: name, ...spec })
const subject = { kind: 'agent-stack', name: 'repairer' }
const secretGrant = (name: string, secret: string, spec: object = {}) =>
  scoped('AgentSecretGrant', name, {
    subject,
    secretRef: { name: secret, keys: ['token'] },
    purpose: 'model-provider-token',
    ...spec,
  })
const configGrant = (name: string, configMap: string, spec: object = {}) =>
  scoped('AgentConfigGrant', name, {
    subject,
    configMapRef: { name: configMap, keys: ['url'] },
    purpose: 'skill-config',
    ...spec,
  })
const stack = (name: string, account: string) =>
  scoped('AgentStack', name, {
    baseAgent: 'claude-code',
    adapter: 'agent-mux',
    runtimeIdentity: { serviceAccountRef: account },
  })
const mapping = (name: string, provider: string) =>
  scoped('IdentityMapping', name, { user: 'bob', provider, subject: 'mallory' })
const invite = (name: string, role: string) =>
  scoped('Invite', name, { email: 'bob@example.com', role })
const permission = (name: string, level: string) =>
  scoped('RepositoryPermission', name, {
    repository: 'app',
    subject: { kind: 'user', name: 'bob' },
    permission: level,
  })

const agentAccount = (name: string) =>
  scoped('AgentServiceAccount', name, { namespace: org, serviceAccountName: name })

const named = (kind: string, name: string) => ({ apiGroup: rbacGroup, kind, name })
const account = (name: string, namespace?: string) => ({
  kind: 'ServiceAccount',
  name,
  ...(namespace !== undefined && { namespace }),
})
const roleBinding = (name: string, subjects: object[], meta: object = {}, role = 'view') => ({
  apiVersion: rbacVersion,
  metadata: { name, ...meta },
  roleRef: named('ClusterRole', role),
  subjects,
})
const role = (name: string, rules: object[], meta: object = {}) => ({
  apiVersion: rbacVersion,
  kind: 'Role',
  metadata: { name, ...meta },
  rules,
})
const rule = (apiGroups: string[], resources: string[], verbs: string[], names?: string[]) => ({
  apiGroups,
  resources,
  verbs,
  ...(names && { resourceNames: names }),
})
const projected = (uid: string) => ({
  labels: { 'app.kubernetes.io/managed-by': 'kradle', [key('owner-uid')]: uid },
  ownerReferences: [{ apiVersion, kind: 'AgentServiceAccount', name: 'robot', uid }],
})
const revision = (name: string, meta: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'ControllerRevision',
  metadata: { name, ...meta },
  revision: 1,
  data: { spec: { template: template(run) } },
})
const owners = (uid: string) => [{ apiVersion, kind: 'Organization', name: 'ghost', uid }]
const token = (change: object = {}) => ({
  apiVersion: 'authentication.k8s.io/v1',
  kind: 'TokenRequest',
  spec: { audiences: [], ...change },
})
const tokenOf = (name: string, namespace = org) =>
  `${core('serviceaccounts', namespace)}/${name}/token`
const tokenSecret = (name: string, of: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'kubernetes.io/service-account-token',
  metadata: { name, annotations: { 'kubernetes.io/service-account.name': of } },
})

// ---- the world the tables speak of

await install(cluster)
const admin =
  (await send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { body: {} })).body
    .status?.userInfo?.username ?? ''

await Promise.all(
  [identity, grants, dispatch, runner, lookalike].map((name, index) =>
    done(
      create(
        clusterRoleBindings,
        roleBinding(`test-${index}`, [named('User', name)], {}, 'cluster-admin'),
      ),
    ),
  ),
)
for (const slug of ['acme', 'globex', 'initech'])
  await done(
    as(
      identity,
      create(namespaces, {
        metadata: { name: `kradle-org-${slug}`, labels: { [key('org')]: slug } },
      }),
    ),
  )
await done(create(namespaces, { metadata: { name: 'elsewhere' } }))

const write = ['create', 'update', 'patch', 'delete']
const writer = [
  rule(['', 'apps', 'batch', 'kradle.a5c.ai', 'example.com'], ['*'], write),
  rule(['kradle.a5c.ai'], ['*'], ['get']),
]
const mayUse = [
  rule([''], ['secrets'], ['get'], ['model']),
  rule([''], ['configmaps'], ['get'], ['settings']),
  rule(['kradle.a5c.ai'], ['agentserviceaccounts'], ['use'], ['robot', 'helper']),
  rule([rbacGroup], ['clusterroles'], ['bind'], ['kradle-member']),
]
const mayBind = [
  rule(
    [rbacGroup],
    ['clusterroles'],
    ['bind'],
    ['kradle-viewer', 'kradle-member', 'kradle-maintainer', 'kradle-admin'],
  ),
]
for (const [name, rules] of [
  [jane, writer],
  [ursula, [...writer, ...mayUse]],
  [ada, [...writer, ...mayBind]],
  [webhook, writer],
  [sweeper, [rule(['kradle.a5c.ai'], ['*'], ['deletecollection'])]],
  ['system:kube-controller-manager', [rule(['kradle.a5c.ai'], ['agentstacks'], ['delete'])]],
] as const) {
  await done(create(rbac('roles'), role(name, [...rules])))
  await done(
    create(rbac('rolebindings'), {
      ...roleBinding(name, [named('User', name)]),
      roleRef: named('Role', name),
    }),
  )
}
await done(create('/api/v1/nodes', { metadata: { name: 'n1' } }))
for (const namespace of [org, 'elsewhere', 'kube-system'])
  await until(`account default is in ${namespace}`, async () => {
    return (await get(`${core('serviceaccounts', namespace)}/default`)).status === 200
  })
await done(as(grants, create(core('serviceaccounts'), { metadata: { name: 'free' } })))
const robot = await done(create(kradle('agentserviceaccounts'), agentAccount('robot')))
// With a uid that exists, or the garbage collector would have it.
const projection = projected(robot.metadata.uid)
await done(
  as(grants, create(core('serviceaccounts'), { metadata: { name: 'robot', ...projection } })),
)
await done(as(grants, create(rbac('roles'), role('kradle-agent-robot', [], projection))))
await done(
  as(
    grants,
    create(
      rbac('rolebindings'),
      roleBinding('kradle-agent-robot', [account('robot', org)], projection),
    ),
  ),
)
await done(create(rbac('rolebindings'), roleBinding('people', [named('User', 'bob')])))
await done(as(dispatch, create(pods, pod('run', marked, { serviceAccountName: 'robot' }))))
await done(create(pods, pod('plain', {}, { initContainers: [{ name: 'init', image: 'good' }] })))
await done(as(dispatch, create(pods, pod('bound', {}, { serviceAccountName: 'robot' }))))
await done(as(scheduler, create(`${pods}/bound/binding`, bindingTo('bound'))))
await done(as(dispatch, create(core('persistentvolumeclaims'), claim('run', marked))))
for (const kind of Object.keys(workloads)) {
  await done(
    as(
      dispatch,
      create(
        workloads[kind]!.path,
        idle(kind, 'run', template(run, { serviceAccountName: 'robot' }), run),
      ),
    ),
  )
  await done(as(dispatch, create(workloads[kind]!.path, idle(kind, 'marked', template(run)))))
  await done(create(workloads[kind]!.path, idle(kind, 'plain', template())))
}
const deployment = (name: string, made: Template, meta: object = {}) =>
  create(apps('deployments'), idle('Deployment', name, made, meta))
await done(as(dispatch, deployment('used', template(app, { serviceAccountName: 'robot' }))))
await done(as(dispatch, deployment('labelled', template(), { labels: runLabels })))
await done(as(dispatch, deployment('annotated', template({ ...app, annotations: runAnnotations }))))
await done(
  as(clusterAccount('statefulset-controller'), create(apps('controllerrevisions'), revision('r'))),
)
await done(create(kradle('users'), user('bob', { signInState: 'suspended', admin: true })))
await done(create(kradle('users'), user('carol', { signInState: 'suspended' })))
await done(create(kradle('users'), user('dave')))
await done(create(kradle('teams'), team('crew', { members: ['bob', 'carol'] })))
await done(create(kradle('agentsecretgrants'), secretGrant('model', 'model')))
await done(create(kradle('agentsecretgrants'), secretGrant('other', 'other')))
await done(create(kradle('agentconfiggrants'), configGrant('settings', 'settings')))
await done(create(kradle('agentstacks'), stack('repairer', 'robot')))
await done(create(kradle('agentstacks'), stack('foreign', 'free')))
await done(create(kradle('identitymappings'), mapping('bob', 'kubernetes')))
await done(create(kradle('invites'), invite('guest', 'admin')))
await done(create(kradle('repositorypermissions'), permission('bob', 'write')))
await done(
  create(
    kradle('authproviders'),
    scoped('AuthProvider', 'forge', { type: 'github', displayName: 'Forge' }),
  ),
)
await done(
  create(
    kradle('agentrolebindings'),
    scoped('AgentRoleBinding', 'robot', {
      subject: { kind: 'agent-service-account', name: 'robot' },
      roleRef: { kind: 'RoleTemplate', name: 'readonly' },
      scope: { kind: 'organization' },
    }),
  ),
)

// ---- what is refused, by policy

const labelNames = GUARDED_LABELS.filter(name => ![LABEL_ORG, LABEL_OWNER_UID].includes(name))
const annotationNames = GUARDED_ANNOTATIONS.filter(name => name !== ANNOTATION_CONFIRM_DELETE)

/** What a refused label or annotation says. */
const marks = (path: string, name: string, value: string, end: string) => [
  `${path}["${name}"]: "${value}" is not for "`,
  'only "dispatch-controller" and "runner-controller" of "kradle-system"',
  `${end} [R51]`,
]
const trust = { [key('trust-tier')]: 'trusted' }
const untrust = { [key('trust-tier')]: 'untrusted' }
const keep = (path = 'metadata.labels') =>
  marks(path, key('trust-tier'), 'untrusted', 'keep "trusted"')
const leaveOut = (path = 'metadata.labels') =>
  marks(path, key('trust-tier'), 'trusted', 'leave it out')
const cannotUse = (path: string, who = jane) => [
  `${path}spec.serviceAccountName: "robot" is not an account that "${who}" may run Pods under`,
  'use account "default"',
  `"use" on agentserviceaccounts.kradle.a5c.ai "robot" in namespace "${org}" [R42]`,
]

const stays = (kind: string, name: string, who: string, mark: string) => [
  `${workloads[kind]!.at}.spec: ${kind} "${name}" is not for "${who}" to change`,
  `"${mark}" says that it belongs to a run`,
  'only "dispatch-controller" and "runner-controller" of "kradle-system"',
  `leave it as it is, or create another ${kind} without these marks [R51]`,
]
/** A change of what the template runs: of a Job that is suspended, the API server lets change only where. */
const otherSpec = (kind: string) =>
  templatePatch(kind, { spec: kind === 'Job' ? { nodeSelector: { no: 'where' } } : swap })

const runRows: Record<string, Refusal> = {
  ...Object.fromEntries(
    labelNames.flatMap(name => {
      const says = marks('metadata.labels', name, 'y', 'leave it out')
      return [
        [
          `a Pod that is born with ${name}`,
          { change: create(pods, pod('x', { labels: { [name]: 'y' } })), says },
        ],
        [
          `a Pod that is given ${name}`,
          { change: labelled(`${pods}/plain`, { [name]: 'y' }), says },
        ],
      ]
    }),
  ),
  ...Object.fromEntries(
    annotationNames.flatMap(name => {
      const says = marks('metadata.annotations', name, 'y', 'leave it out')
      return [
        [
          `a Pod that is born with annotation ${name}`,
          { change: create(pods, pod('x', { annotations: { [name]: 'y' } })), says },
        ],
        [
          `a Pod that is given annotation ${name}`,
          { change: annotated(`${pods}/plain`, { [name]: 'y' }), says },
        ],
      ]
    }),
  ),
  ...Object.fromEntries(
    [identity, grants, lookalike, garbageCollector, clusterAccount('replicaset-controller')].map(
      who => [
        `a mark that ${who} adds to a Pod`,
        {
          change: as(who, labelled(`${pods}/plain`, trust)),
          says: [`is not for "${who}" to write on Pod "plain"`, ...leaveOut()],
        },
      ],
    ),
  ),
  'a Pod that is born trusted, by another controller': {
    change: as(grants, create(pods, pod('x', { labels: trust }))),
    says: [`"${grants}" to write on Pod "x"`, ...leaveOut()],
  },
  'a Pod with an empty mark': {
    change: create(pods, pod('x', { labels: { [key('dispatch-run')]: '' } })),
    says: marks('metadata.labels', key('dispatch-run'), '', 'leave it out'),
  },
  'a Pod that is applied with marks': {
    change: apply(`${pods}/x`, pod('x', { labels: trust })),
    says: leaveOut(),
  },
  'a Pod whose name is generated': {
    change: create(pods, { ...pod('x'), metadata: { generateName: 'x-', labels: trust } }),
    says: leaveOut(),
  },
  'a mark that is changed': { change: labelled(`${pods}/run`, untrust), says: keep() },
  'a mark that is taken away': {
    change: merge(`${pods}/run`, { metadata: { labels: null } }),
    says: marks('metadata.labels', key('dispatch-run'), '', 'keep "r1"'),
  },
  'annotations that are taken away': {
    change: merge(`${pods}/run`, { metadata: { annotations: null } }),
    says: marks('metadata.annotations', key('ref'), '', 'keep "refs/heads/main"'),
  },
  'a mark added through /status': {
    change: strategic(`${pods}/plain/status`, { metadata: { labels: trust } }),
    says: leaveOut(),
  },
  'an annotation changed through /status': {
    change: annotated(`${pods}/run/status`, { [key('ref')]: 'refs/heads/x' }),
    says: marks('metadata.annotations', key('ref'), 'refs/heads/x', 'keep "refs/heads/main"'),
  },
  'a mark that the kubelet writes': {
    change: as(node, strategic(`${pods}/bound/status`, { metadata: { labels: trust } })),
    says: ['"system:node:n1"', ...leaveOut()],
  },
  'a mark that the scheduler writes': {
    change: as(scheduler, strategic(`${pods}/run/status`, { metadata: { labels: untrust } })),
    says: keep(),
  },
  'an annotation through /binding': {
    change: create(`${pods}/plain/binding`, bindingTo('plain', { annotations: runAnnotations })),
    says: [
      'on Binding "plain"',
      ...marks('metadata.annotations', key('ref'), 'refs/heads/main', 'leave it out'),
    ],
  },
  'a label through /binding, by the scheduler': {
    change: as(scheduler, create(`${pods}/plain/binding`, bindingTo('plain', { labels: trust }))),
    says: leaveOut(),
  },
  'a label through bindings': {
    change: create(core('bindings'), bindingTo('plain', { labels: trust })),
    says: leaveOut(),
  },
  'a claim with marks': {
    change: create(core('persistentvolumeclaims'), claim('x', { labels: trust })),
    says: leaveOut(),
  },
  'a claim with marks, made of a template': {
    change: as(
      clusterAccount('statefulset-controller'),
      create(core('persistentvolumeclaims'), claim('x', { labels: trust })),
    ),
    says: leaveOut(),
  },
  'a claim that is marked later': {
    change: labelled(`${core('persistentvolumeclaims')}/run`, untrust),
    says: keep(),
  },
  'a claim that is marked through /status': {
    change: labelled(`${core('persistentvolumeclaims')}/run/status`, untrust),
    says: keep(),
  },
  'a Pod under the account of an agent': {
    change: as(jane, create(pods, pod('x', {}, { serviceAccountName: 'robot' }))),
    says: cannotUse(''),
  },
  'a Pod under the account of an agent, by its old name': {
    change: as(jane, create(pods, pod('x', {}, { serviceAccount: 'robot' }))),
    says: cannotUse(''),
  },
  'a Pod under an account that no agent has': {
    change: as(ursula, create(pods, pod('x', {}, { serviceAccountName: 'free' }))),
    says: ['spec.serviceAccountName: "free"', `"${ursula}"`, '[R42]'],
  },
  'an image that is swapped': {
    change: as(ursula, strategic(`${pods}/run`, { spec: swap })),
    says: [
      `spec.containers["main"].image: "evil" is not for "${ursula}" to put into Pod "run"`,
      'delete the Pod and create another [R51]',
    ],
  },
  'an image of a Pod of nobody’s run': {
    change: strategic(`${pods}/plain`, { spec: swap }),
    says: ['spec.containers["main"].image: "evil"', 'Pod "plain"', '[R51]'],
  },
  'an image of an init container': {
    change: strategic(`${pods}/plain`, {
      spec: { initContainers: [{ name: 'init', image: 'evil' }] },
    }),
    says: ['spec.initContainers["init"].image: "evil"', 'Pod "plain"', '[R51]'],
  },
  'an image that a lookalike swaps': {
    change: as(lookalike, strategic(`${pods}/plain`, { spec: swap })),
    says: ['spec.containers["main"].image: "evil"', lookalike, '[R51]'],
  },
  'marks on the Jobs of a CronJob': {
    change: create(batch('cronjobs'), {
      metadata: { name: 'x' },
      spec: {
        schedule: '@yearly',
        jobTemplate: {
          metadata: { labels: trust },
          spec: { template: never(template()) },
        },
      },
    }),
    says: leaveOut('spec.jobTemplate.metadata.labels'),
  },
  'annotations on the Jobs of a CronJob, later': {
    change: merge(`${batch('cronjobs')}/plain`, {
      spec: { jobTemplate: { metadata: { annotations: runAnnotations } } },
    }),
    says: marks(
      'spec.jobTemplate.metadata.annotations',
      key('ref'),
      'refs/heads/main',
      'leave it out',
    ),
  },
}
for (const [kind, { path, at }] of Object.entries(workloads)) {
  const born = (meta: object, spec: object = {}, own: object = {}) =>
    create(path, idle(kind, 'x', template(meta, spec), own))
  Object.assign(runRows, {
    [`a ${kind} whose template has marks`]: {
      change: born({ labels: { app: 'x', ...trust } }),
      says: leaveOut(`${at}.metadata.labels`),
    },
    [`a ${kind} whose template has annotations`]: {
      change: born({ ...app, annotations: runAnnotations }),
      says: marks(`${at}.metadata.annotations`, key('ref'), 'refs/heads/main', 'leave it out'),
    },
    [`a ${kind} that has marks itself`]: {
      change: born(app, {}, { labels: trust }),
      says: leaveOut(),
    },
    [`a ${kind} that is marked later`]: {
      change: labelled(`${path}/run`, untrust),
      says: keep(),
    },
    [`a ${kind} under the account of an agent`]: {
      change: as(jane, born(app, { serviceAccountName: 'robot' })),
      says: cannotUse(`${at}.`),
    },
    [`a ${kind} whose template is marked later`]: {
      change: merge(`${path}/run`, templatePatch(kind, { metadata: { labels: untrust } })),
      says: keep(`${at}.metadata.labels`),
    },
    [`a ${kind} of a run that is given something else to run`]: {
      change: as(jane, strategic(`${path}/marked`, otherSpec(kind))),
      says: stays(kind, 'marked', jane, `${at}.metadata.labels`),
    },
    [`a ${kind} of a run under an account that one may use`]: {
      change: as(ursula, strategic(`${path}/run`, otherSpec(kind))),
      says: stays(kind, 'run', ursula, `${at}.metadata.labels`),
    },
    // What a Job runs is kept by the API server itself.
    ...(kind !== 'Job' && {
      [`a ${kind} that is moved to the account of an agent`]: {
        change: as(
          jane,
          merge(`${path}/plain`, templatePatch(kind, { spec: { serviceAccountName: 'robot' } })),
        ),
        says: cannotUse(`${at}.`),
      },
      [`a ${kind} of an agent that is given another image`]: {
        change: as(jane, strategic(`${path}/run`, templatePatch(kind, { spec: swap }))),
        says: cannotUse(`${at}.`),
      },
    }),
    ...(!['PodTemplate', 'Deployment'].includes(kind) && {
      [`a ${kind} that is marked through /status`]: {
        change: labelled(`${path}/run/status`, untrust),
        says: keep(),
      },
    }),
    ...(kind === 'Deployment' && {
      'a Deployment that has the labels of a run itself': {
        change: as(jane, strategic(`${path}/labelled`, otherSpec(kind))),
        says: stays(kind, 'labelled', jane, 'metadata.labels'),
      },
      'a Deployment whose template has the annotations of a run': {
        change: as(jane, strategic(`${path}/annotated`, otherSpec(kind))),
        says: stays(kind, 'annotated', jane, `${at}.metadata.annotations`),
      },
      'a Deployment of a run that is given a container': {
        change: as(
          lookalike,
          strategic(
            `${path}/marked`,
            templatePatch(kind, { spec: { containers: [{ name: 'second', image: 'evil' }] } }),
          ),
        ),
        says: stays(kind, 'marked', lookalike, `${at}.metadata.labels`),
      },
      'a Deployment that is annotated through /status': {
        change: annotated(`${path}/plain/status`, runAnnotations),
        says: marks('metadata.annotations', key('ref'), 'refs/heads/main', 'leave it out'),
      },
    }),
  })
}

const notYours = (
  who: string,
  field: string,
  verb: string,
  of: string,
  number: string,
): readonly string[] => [
  `${field} is not for "${who}" to write in`,
  `that takes verb "${verb}" on ${of} in namespace "${org}"`,
  'have somebody write it who has that',
  `[${number}]`,
]
const binds = (who: string, field: string, name: string) =>
  notYours(who, field, 'bind', `clusterroles "kradle-${name}"`, 'R44')

const refused: Record<string, Record<string, Refusal>> = {
  'kradle-run-identity': runRows,
  'kradle-agent-tokens': {
    'a token of an agent': {
      change: create(tokenOf('robot'), token()),
      says: [
        `metadata.name: "robot" is not an account that "${admin}" may have a token of`,
        'run a Pod under the account, or use account "default" [R42]',
      ],
    },
    'a token of an account that no agent has': {
      change: create(tokenOf('free'), token()),
      says: ['metadata.name: "free"', '[R42]'],
    },
    'a token that runner-controller asks for': {
      change: as(runner, create(tokenOf('robot'), token())),
      says: ['metadata.name: "robot"', runner, '[R42]'],
    },
    'a token that looks like it was dispatch-controller’s': {
      change: as(lookalike, create(tokenOf('robot'), token())),
      says: ['metadata.name: "robot"', lookalike, '[R42]'],
    },
    'a token for somebody with the name of a node': {
      change: as(['system:node:n1', 'system:masters'], create(tokenOf('robot'), token())),
      says: ['metadata.name: "robot"', '"system:node:n1"', '[R42]'],
    },
    'a Secret with the token of an agent': {
      change: create(core('secrets'), tokenSecret('x', 'robot')),
      says: [
        'type: "kubernetes.io/service-account-token" would have Secret "x" hold the token of account "robot" for ever',
        'mount a projected token in the Pod that needs one [R42]',
      ],
    },
    'a Secret with the token of default': {
      change: create(core('secrets'), tokenSecret('x', 'default')),
      says: ['account "default"', '[R42]'],
    },
    'a Secret with a token, by dispatch-controller': {
      change: as(dispatch, apply(`${core('secrets')}/x`, tokenSecret('x', 'robot'))),
      says: ['account "robot"', '[R42]'],
    },
  },
  'kradle-agent-identity': {
    'an account that passes itself off as a projection': {
      change: create(core('serviceaccounts'), { metadata: { name: 'x', ...projection } }),
      says: [
        `metadata.labels["kradle.a5c.ai/owner-uid"]: "${robot.metadata.uid}" is not for "${admin}" to write on ServiceAccount "x"`,
        'leave it out [R45]',
      ],
    },
    'a Role that passes itself off as a projection': {
      change: create(rbac('roles'), role('x', [], projection)),
      says: [
        `metadata.labels["kradle.a5c.ai/owner-uid"]: "${robot.metadata.uid}"`,
        'Role "x"',
        '[R45]',
      ],
    },
    'a RoleBinding with a label of Kradle’s': {
      change: create(
        rbac('rolebindings'),
        roleBinding('x', [named('User', 'bob')], { labels: { [key('repository')]: 'app' } }),
      ),
      says: ['metadata.labels["kradle.a5c.ai/repository"]: "app"', 'RoleBinding "x"', '[R45]'],
    },
    'a label of Kradle’s that is added later': {
      change: labelled(`${rbac('rolebindings')}/people`, { [key('owner-uid')]: 'x' }),
      says: ['metadata.labels["kradle.a5c.ai/owner-uid"]: "x"', 'leave it out', '[R45]'],
    },
    'a projection that is given to another owner': {
      change: labelled(`${rbac('roles')}/kradle-agent-robot`, { [key('owner-uid')]: 'x' }),
      says: [
        'metadata.labels["kradle.a5c.ai/owner-uid"]: "x"',
        `keep "${robot.metadata.uid}"`,
        'Role "kradle-agent-robot"',
        '[R45]',
      ],
    },
    'a projection that is disowned': {
      change: labelled(`${core('serviceaccounts')}/robot`, { [key('owner-uid')]: null }),
      says: [
        'metadata.labels["kradle.a5c.ai/owner-uid"]: ""',
        `keep "${robot.metadata.uid}"`,
        '[R45]',
      ],
    },
    'a projection that is managed by somebody else': {
      change: labelled(`${core('serviceaccounts')}/robot`, {
        'app.kubernetes.io/managed-by': 'helm',
      }),
      says: [
        'metadata.labels["app.kubernetes.io/managed-by"]: ServiceAccount "robot"',
        '"AgentServiceAccount/robot"',
        '[R45]',
      ],
    },
    'a Role that is given a rule': {
      change: merge(`${rbac('roles')}/kradle-agent-robot`, {
        rules: [rule([''], ['secrets'], ['get'])],
      }),
      says: [
        `rules: Role "kradle-agent-robot" is not for "${admin}" to write: Kradle makes it of "AgentServiceAccount/robot"`,
        'change that instead, or delete this and have it made anew [R45]',
      ],
    },
    'a RoleBinding that is given a subject': {
      change: merge(`${rbac('rolebindings')}/kradle-agent-robot`, {
        subjects: [account('robot', org), named('User', 'mallory')],
      }),
      says: ['subjects: RoleBinding "kradle-agent-robot"', '[R45]'],
    },
    'an account that is given a pull Secret': {
      change: as(
        dispatch,
        merge(`${core('serviceaccounts')}/robot`, { imagePullSecrets: [{ name: 'registry' }] }),
      ),
      says: ['imagePullSecrets: ServiceAccount "robot"', dispatch, '[R45]'],
    },
    'an account whose token is mounted': {
      change: merge(`${core('serviceaccounts')}/robot`, { automountServiceAccountToken: true }),
      says: ['automountServiceAccountToken: ServiceAccount "robot"', '[R45]'],
    },
    'an account that is lent the role of a cloud': {
      change: annotated(`${core('serviceaccounts')}/robot`, { 'example.com/role': 'admin' }),
      says: ['metadata.annotations: ServiceAccount "robot"', '[R45]'],
    },
    'a projection that gets an owner who does not exist': {
      change: merge(`${rbac('roles')}/kradle-agent-robot`, {
        metadata: { ownerReferences: owners('gone') },
      }),
      says: ['metadata.ownerReferences: Role "kradle-agent-robot"', '[R45]'],
    },
    'a projection that gets an owner from the garbage collector': {
      change: as(
        garbageCollector,
        merge(`${core('serviceaccounts')}/robot`, {
          metadata: { ownerReferences: owners('gone') },
        }),
      ),
      says: ['metadata.ownerReferences: ServiceAccount "robot"', garbageCollector, '[R45]'],
    },
    'a projection with a lifetime': {
      change: labelled(`${rbac('roles')}/kradle-agent-robot`, { 'cleanup.kyverno.io/ttl': '1s' }),
      says: ['metadata.labels["cleanup.kyverno.io/ttl"]: Role "kradle-agent-robot"', '[R45]'],
    },
    'a projection with a lifetime as annotation': {
      change: annotated(`${rbac('roles')}/kradle-agent-robot`, { 'cleanup.kyverno.io/ttl': '1s' }),
      says: ['metadata.annotations["cleanup.kyverno.io/ttl"]: Role', '[R45]'],
    },
  },
  'kradle-agent-bindings': {
    'an agent that is bound': {
      change: create(rbac('rolebindings'), roleBinding('x', [account('robot', org)])),
      says: [
        `subjects: ServiceAccount "robot" of namespace "${org}" is not for "${admin}" to bind by RoleBinding "x"`,
        'create an AgentRoleBinding there [R44]',
      ],
    },
    'an agent that is bound without its namespace': {
      change: create(rbac('rolebindings'), roleBinding('x', [account('robot')])),
      says: ['subjects: ServiceAccount "robot" is not for', '[R44]'],
    },
    'an agent that is bound elsewhere': {
      change: create(rbac('rolebindings', 'elsewhere'), roleBinding('x', [account('robot', org)])),
      says: ['subjects: ServiceAccount "robot"', '[R44]'],
    },
    'an agent that is bound in another organisation': {
      change: create(
        rbac('rolebindings', 'kradle-org-globex'),
        roleBinding('x', [account('robot', org)]),
      ),
      says: ['subjects: ServiceAccount "robot"', '[R44]'],
    },
    'an agent that is bound everywhere': {
      change: create(clusterRoleBindings, roleBinding('x', [account('robot', org)])),
      says: ['subjects: ServiceAccount "robot"', 'ClusterRoleBinding "x"', '[R44]'],
    },
    'an agent by the name it has in requests': {
      change: create(
        clusterRoleBindings,
        roleBinding('x', [named('User', `system:serviceaccount:${org}:robot`)]),
      ),
      says: [`subjects: User "system:serviceaccount:${org}:robot"`, '[R44]'],
    },
    'all accounts of an organisation': {
      change: create(
        rbac('rolebindings', 'kube-system'),
        roleBinding('x', [named('Group', `system:serviceaccounts:${org}`)]),
      ),
      says: [`subjects: Group "system:serviceaccounts:${org}"`, '[R44]'],
    },
    'an agent that is added to people': {
      change: merge(`${rbac('rolebindings')}/people`, {
        subjects: [named('User', 'bob'), account('free', org)],
      }),
      says: ['subjects: ServiceAccount "free"', 'RoleBinding "people"', '[R44]'],
    },
    'an agent that dispatch-controller binds': {
      change: as(dispatch, create(rbac('rolebindings'), roleBinding('x', [account('robot', org)]))),
      says: ['subjects: ServiceAccount "robot"', dispatch, '[R44]'],
    },
    ...Object.fromEntries(
      [
        named('Group', 'system:authenticated'),
        named('Group', 'system:unauthenticated'),
        named('Group', 'system:serviceaccounts'),
        named('User', 'system:anonymous'),
      ].map(everybody => [
        `a RoleBinding to ${everybody.name}`,
        {
          change: as(identity, create(rbac('rolebindings'), roleBinding('x', [everybody]))),
          says: [
            `subjects: ${everybody.kind} "${everybody.name}" is everybody`,
            `namespace "${org}"`,
            'put them into a Team [R44]',
          ],
        },
      ]),
    ),
  },
  'kradle-controller-revisions': {
    'a revision that is made by hand': {
      change: create(apps('controllerrevisions'), revision('x')),
      says: [
        `metadata.name: "x" is not for "${admin}" to write`,
        'change the template of the StatefulSet or DaemonSet instead [R51]',
      ],
    },
    'a revision by dispatch-controller': {
      change: as(dispatch, create(apps('controllerrevisions'), revision('x'))),
      says: ['metadata.name: "x"', dispatch, '[R51]'],
    },
    'a revision that is put first': {
      change: merge(`${apps('controllerrevisions')}/r`, { revision: 9 }),
      says: ['metadata.name: "r"', '[R51]'],
    },
    'a revision that is given a selector’s labels': {
      change: labelled(`${apps('controllerrevisions')}/r`, { app: 'x' }),
      says: ['metadata.name: "r"', '[R51]'],
    },
    'a revision that is given an owner': {
      change: merge(`${apps('controllerrevisions')}/r`, {
        metadata: { ownerReferences: owners('gone') },
      }),
      says: ['metadata.name: "r"', '[R51]'],
    },
  },
  'kradle-requester-rights': {
    'a grant of a Secret that one cannot read': {
      change: as(jane, create(kradle('agentsecretgrants'), secretGrant('x', 'model'))),
      says: notYours(jane, 'spec.secretRef.name: "model"', 'get', 'secrets "model"', 'R51'),
    },
    'a grant of another Secret than one can read': {
      change: as(ursula, create(kradle('agentsecretgrants'), secretGrant('x', 'other'))),
      says: ['spec.secretRef.name: "other"', '"get" on secrets "other"', '[R51]'],
    },
    'a grant that is moved to a Secret one cannot read': {
      change: as(
        ursula,
        merge(`${kradle('agentsecretgrants')}/model`, { spec: { secretRef: { name: 'other' } } }),
      ),
      says: ['spec.secretRef.name: "other"', '[R51]'],
    },
    'a grant that is widened': {
      change: as(
        ursula,
        merge(`${kradle('agentsecretgrants')}/other`, {
          spec: { expiresAt: '2099-01-01T00:00:00Z' },
        }),
      ),
      says: ['spec.secretRef.name: "other"', '[R51]'],
    },
    'a grant that one of Kradle’s own accounts makes': {
      change: as(webhook, create(kradle('agentsecretgrants'), secretGrant('x', 'model'))),
      says: ['spec.secretRef.name: "model"', webhook, '[R51]'],
    },
    'a grant of a ConfigMap that one cannot read': {
      change: as(jane, create(kradle('agentconfiggrants'), configGrant('x', 'settings'))),
      says: notYours(
        jane,
        'spec.configMapRef.name: "settings"',
        'get',
        'configmaps "settings"',
        'R51',
      ),
    },
    'a stack under an account that one cannot use': {
      change: as(jane, create(kradle('agentstacks'), stack('x', 'robot'))),
      says: notYours(
        jane,
        'spec.runtimeIdentity.serviceAccountRef: "robot"',
        'use',
        'agentserviceaccounts "robot"',
        'R42',
      ),
    },
    'a stack under an account that does not exist': {
      change: as(ursula, create(kradle('agentstacks'), stack('x', 'nobody'))),
      says: ['spec.runtimeIdentity.serviceAccountRef: "nobody"', '[R42]'],
    },
    'the prompt of a stack whose account one cannot use': {
      change: as(
        jane,
        merge(`${kradle('agentstacks')}/repairer`, { spec: { prompt: { system: 'Obey.' } } }),
      ),
      says: ['spec.runtimeIdentity.serviceAccountRef: "robot"', '[R42]'],
    },
    'a stack that is moved to an account one can use': {
      change: as(
        ursula,
        merge(`${kradle('agentstacks')}/foreign`, {
          spec: { prompt: { system: 'Obey.' }, runtimeIdentity: { serviceAccountRef: 'robot' } },
        }),
      ),
      says: [
        `spec.runtimeIdentity.serviceAccountRef: "free" is not for "${ursula}" to take from AgentStack "foreign"`,
        `"use" on agentserviceaccounts "free" in namespace "${org}"`,
        '[R42]',
      ],
    },
    'a stack that is moved to an account one cannot use': {
      change: as(
        ursula,
        merge(`${kradle('agentstacks')}/repairer`, {
          spec: { runtimeIdentity: { serviceAccountRef: 'free' } },
        }),
      ),
      says: notYours(
        ursula,
        'spec.runtimeIdentity.serviceAccountRef: "free"',
        'use',
        'agentserviceaccounts "free"',
        'R42',
      ),
    },
    'a User': {
      change: as(ursula, create(kradle('users'), user('x'))),
      says: binds(ursula, 'metadata.name: "x"', 'admin'),
    },
    'a User who is born suspended': {
      change: as(ursula, create(kradle('users'), user('x', { signInState: 'suspended' }))),
      says: binds(ursula, 'metadata.name: "x"', 'admin'),
    },
    'a User who is born an admin': {
      change: as(ursula, create(kradle('users'), user('x', { admin: true }))),
      says: binds(ursula, 'spec.admin: "true"', 'admin'),
    },
    'a User who becomes an admin': {
      change: as(ursula, merge(`${kradle('users')}/carol`, { spec: { admin: true } })),
      says: binds(ursula, 'spec.admin: "true"', 'admin'),
    },
    'an admin who is let in again': {
      change: as(ursula, merge(`${kradle('users')}/bob`, { spec: { signInState: 'active' } })),
      says: binds(ursula, 'spec.signInState: "active"', 'admin'),
    },
    'a User who is let in again': {
      change: as(ursula, merge(`${kradle('users')}/carol`, { spec: { signInState: 'active' } })),
      says: binds(ursula, 'spec.signInState: "active"', 'admin'),
    },
    'a User whose suspension is left out': {
      change: as(ursula, merge(`${kradle('users')}/carol`, { spec: { signInState: null } })),
      says: binds(ursula, 'spec.signInState: "active"', 'admin'),
    },
    'an admin who is let in again as none': {
      change: as(
        ursula,
        merge(`${kradle('users')}/bob`, { spec: { signInState: 'active', admin: false } }),
      ),
      says: binds(ursula, 'spec.signInState: "active"', 'admin'),
    },
    'a Team with members': {
      change: as(jane, create(kradle('teams'), team('x', { members: ['bob'] }))),
      says: binds(jane, 'spec.members: "bob"', 'member'),
    },
    'a member who is added': {
      change: as(
        jane,
        merge(`${kradle('teams')}/crew`, { spec: { members: ['bob', 'carol', 'dave'] } }),
      ),
      says: binds(jane, 'spec.members: "dave"', 'member'),
    },
    'a member who is exchanged': {
      change: as(jane, merge(`${kradle('teams')}/crew`, { spec: { members: ['bob', 'dave'] } })),
      says: binds(jane, 'spec.members: "dave"', 'member'),
    },
    'a maintainer who is added': {
      change: as(ursula, merge(`${kradle('teams')}/crew`, { spec: { maintainers: ['bob'] } })),
      says: binds(ursula, 'spec.maintainers: "bob"', 'maintainer'),
    },
    'members and maintainers, by somebody who may make members': {
      change: as(
        ursula,
        create(kradle('teams'), team('x', { members: ['bob'], maintainers: ['bob'] })),
      ),
      says: binds(ursula, 'spec.maintainers: "bob"', 'maintainer'),
    },
    'a Team that may write to a repository': {
      change: as(
        ursula,
        merge(`${kradle('teams')}/crew`, {
          spec: { repositoryPermissions: [{ repository: 'app', permission: 'write' }] },
        }),
      ),
      says: binds(ursula, 'spec.repositoryPermissions["app"].permission: "write"', 'maintainer'),
    },
    'a Team that may read a repository': {
      change: as(
        jane,
        merge(`${kradle('teams')}/crew`, {
          spec: { repositoryPermissions: [{ repository: 'app', permission: 'read' }] },
        }),
      ),
      says: binds(jane, 'spec.repositoryPermissions["app"].permission: "read"', 'member'),
    },
    'a mapping to a user of the cluster': {
      change: as(ursula, create(kradle('identitymappings'), mapping('x', 'kubernetes'))),
      says: binds(ursula, 'spec.subject: "mallory"', 'admin'),
    },
    'an invite to members': {
      change: as(jane, create(kradle('invites'), invite('x', 'member'))),
      says: binds(jane, 'spec.role: "member"', 'member'),
    },
    'an invite to admins': {
      change: as(ursula, create(kradle('invites'), invite('x', 'admin'))),
      says: binds(ursula, 'spec.role: "admin"', 'admin'),
    },
    'an invite that is accepted': {
      change: as(ursula, merge(`${kradle('invites')}/guest`, { spec: { acceptedBy: 'carol' } })),
      says: binds(ursula, 'spec.role: "admin"', 'admin'),
    },
    'an invite that is good for longer': {
      change: as(
        ursula,
        merge(`${kradle('invites')}/guest`, { spec: { expiresAt: '2099-01-01T00:00:00Z' } }),
      ),
      says: binds(ursula, 'spec.role: "admin"', 'admin'),
    },
    'an invite that is revoked': {
      change: as(ursula, merge(`${kradle('invites')}/guest`, { spec: { revoked: true } })),
      says: binds(ursula, 'spec.role: "admin"', 'admin'),
    },
    'a permission to read': {
      change: as(jane, create(kradle('repositorypermissions'), permission('x', 'read'))),
      says: binds(jane, 'spec.permission: "read"', 'member'),
    },
    'a permission to write': {
      change: as(ursula, create(kradle('repositorypermissions'), permission('x', 'write'))),
      says: binds(ursula, 'spec.permission: "write"', 'maintainer'),
    },
    'a permission that is raised': {
      change: as(
        ursula,
        merge(`${kradle('repositorypermissions')}/bob`, { spec: { permission: 'admin' } }),
      ),
      says: binds(ursula, 'spec.permission: "admin"', 'maintainer'),
    },
  },
  'kradle-stack-deletion': {
    'the deletion of a stack whose account one cannot use': {
      change: as(jane, remove(`${kradle('agentstacks')}/repairer`)),
      says: [
        `spec.runtimeIdentity.serviceAccountRef: "robot" is not for "${jane}" to take from AgentStack "repairer"`,
        `that takes verb "use" on agentserviceaccounts "robot" in namespace "${org}"`,
        'have somebody delete it who has that, or the admin of the cluster give it to you [R42]',
      ],
    },
    'the deletion of a stack under another account than one can use': {
      change: as(ursula, remove(`${kradle('agentstacks')}/foreign`)),
      says: ['spec.runtimeIdentity.serviceAccountRef: "free"', 'AgentStack "foreign"', '[R42]'],
    },
    'the deletion of a stack by one of Kradle’s own accounts': {
      change: as(webhook, remove(`${kradle('agentstacks')}/repairer`)),
      says: ['spec.runtimeIdentity.serviceAccountRef: "robot"', webhook, '[R42]'],
    },
    'the deletion of all stacks': {
      change: as(sweeper, remove(kradle('agentstacks'))),
      says: [`is not for "${sweeper}" to take from AgentStack "`, '[R42]'],
    },
  },
  'kradle-managed-objects': Object.fromEntries(
    [
      ['users', 'bob', 'R42'],
      ['teams', 'crew', 'R42'],
      ['invites', 'guest', 'R42'],
      ['identitymappings', 'bob', 'R42'],
      ['authproviders', 'forge', 'R42'],
      ['agentserviceaccounts', 'robot', 'R42'],
      ['agentrolebindings', 'robot', 'R42'],
      ['agentsecretgrants', 'model', 'R51'],
      ['agentconfiggrants', 'settings', 'R51'],
      ['agentstacks', 'repairer', 'R42'],
    ].flatMap(([plural = '', name = '', number = '']) => {
      const path = `${kradle(plural)}/${name}`
      return [
        [
          `an owner on one of the ${plural}`,
          {
            change: merge(path, { metadata: { ownerReferences: owners('gone') } }),
            says: [
              `metadata.ownerReferences: "Organization/ghost" is not for "${admin}" to write on`,
              `"${name}"; keep "", and delete the object itself to get rid of it [${number}]`,
            ],
          },
        ],
        [
          `a lifetime on one of the ${plural}`,
          {
            change: labelled(path, { 'cleanup.kyverno.io/ttl': '1s' }),
            says: ['metadata.labels["cleanup.kyverno.io/ttl"]: "1s"', `[${number}]`],
          },
        ],
        [
          `a lifetime as annotation on one of the ${plural}`,
          {
            change: annotated(path, { 'cleanup.kyverno.io/ttl': '1s' }),
            says: ['metadata.annotations["cleanup.kyverno.io/ttl"]: "1s"', `[${number}]`],
          },
        ],
      ]
    }),
  ),
}

// ---- what passes

/** The accounts of kube-controller-manager that make Pods. */
const podMakers = [
  'replicaset-controller',
  'replication-controller',
  'statefulset-controller',
  'daemon-set-controller',
  'job-controller',
]

const allowed: Record<string, Change> = {
  'a Pod of nobody’s run': as(jane, create(pods, pod('x', { labels: { tier: 'gold' } }))),
  'a Pod under default': as(jane, create(pods, pod('x', {}, { serviceAccountName: 'default' }))),
  'a Pod under an account that one may use': as(
    ursula,
    create(pods, pod('x', {}, { serviceAccountName: 'robot' })),
  ),
  'a Deployment under an account that one may use': as(
    ursula,
    create(
      apps('deployments'),
      idle('Deployment', 'x', template(app, { serviceAccountName: 'robot' })),
    ),
  ),
  ...Object.fromEntries(
    [dispatch, runner].flatMap(who => [
      [
        `a Pod of a run by ${who}`,
        as(who, create(pods, pod('x', marked, { serviceAccountName: 'robot' }))),
      ],
      [
        `a claim of a run by ${who}`,
        as(who, create(core('persistentvolumeclaims'), claim('x', marked))),
      ],
      [`a mark that ${who} changes`, as(who, labelled(`${pods}/run`, untrust))],
      [`an image that ${who} changes`, as(who, strategic(`${pods}/run`, { spec: swap }))],
      ...Object.entries(workloads).map(([kind, { path }]) => [
        `a ${kind} of a run by ${who}`,
        as(who, create(path, idle(kind, 'x', template(run, { serviceAccountName: 'robot' }), run))),
      ]),
    ]),
  ),
  ...Object.fromEntries(
    podMakers.map(name => [
      `a Pod that ${name} makes of a template`,
      as(clusterAccount(name), create(pods, pod('x', marked, { serviceAccountName: 'robot' }))),
    ]),
  ),
  'a ReplicaSet that deployment-controller makes of a template': as(
    clusterAccount('deployment-controller'),
    create(
      apps('replicasets'),
      idle('ReplicaSet', 'x', template(run, { serviceAccountName: 'robot' }), run),
    ),
  ),
  'a Job that cronjob-controller makes of a template': as(
    clusterAccount('cronjob-controller'),
    create(batch('jobs'), idle('Job', 'x', template(run, { serviceAccountName: 'robot' }), run)),
  ),
  'a claim of nobody’s run': as(jane, create(core('persistentvolumeclaims'), claim('x'))),
  'a claim that is made of a template': as(
    clusterAccount('statefulset-controller'),
    create(core('persistentvolumeclaims'), claim('x', app)),
  ),
  'other labels on the Pod of a run': as(jane, labelled(`${pods}/run`, { tier: 'gold' })),
  'other annotations on the Pod of a run': annotated(`${pods}/run`, { 'example.com/a': 'b' }),
  'a finalizer on the Pod of a run': merge(`${pods}/run`, {
    metadata: { finalizers: ['example.com/hold'] },
  }),
  'an owner that the garbage collector takes away': as(
    garbageCollector,
    merge(`${pods}/run`, { metadata: { ownerReferences: null } }),
  ),
  'the deletion of the Pod of a run': as(jane, remove(`${pods}/run`)),
  'a deadline for the Pod of a run': as(
    jane,
    merge(`${pods}/run`, { spec: { activeDeadlineSeconds: 60 } }),
  ),
  'a status of the Pod of a run': merge(`${pods}/run/status`, { status: { message: 'Fine.' } }),
  'a Pod that the scheduler binds': as(scheduler, create(`${pods}/run/binding`, bindingTo('run'))),
  'a Pod that the kubelet runs': as(
    node,
    strategic(`${pods}/bound/status`, { status: { phase: 'Running' } }),
  ),
  'a Pod that the scheduler cannot bind': as(
    scheduler,
    strategic(`${pods}/run/status`, {
      status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
    }),
  ),
  'an ephemeral container on the Pod of a run': strategic(`${pods}/run/ephemeralcontainers`, {
    spec: { ephemeralContainers: [{ name: 'debug', image: 'good' }] },
  }),
  ...Object.fromEntries(
    Object.entries(workloads).map(([kind, { path }]) => [
      `other metadata on a ${kind} of a run`,
      as(jane, merge(`${path}/run`, { metadata: { labels: { tier: 'gold' } } })),
    ]),
  ),
  ...Object.fromEntries(
    ['Deployment', 'ReplicaSet', 'StatefulSet'].map(kind => [
      `a ${kind} of a run that is scaled`,
      as(jane, merge(`${workloads[kind]!.path}/run/scale`, { spec: { replicas: 0 } })),
    ]),
  ),
  'a history that is kept shorter': as(
    jane,
    merge(`${apps('deployments')}/run`, { spec: { revisionHistoryLimit: 1 } }),
  ),
  'another image in a template of nobody’s': as(
    jane,
    strategic(`${apps('deployments')}/plain`, templatePatch('Deployment', { spec: swap })),
  ),
  'another image in the template of an account that one may use': as(
    ursula,
    strategic(`${apps('deployments')}/used`, templatePatch('Deployment', { spec: swap })),
  ),
  'other labels in the template of a run': as(
    jane,
    merge(
      `${apps('deployments')}/marked`,
      templatePatch('Deployment', { metadata: { labels: { tier: 'gold' } } }),
    ),
  ),
  ...Object.fromEntries(
    [dispatch, runner].flatMap(who =>
      Object.entries(workloads).map(([kind, { path }]) => [
        `a ${kind} of a run that ${who} gives something else to run`,
        as(who, strategic(`${path}/marked`, otherSpec(kind))),
      ]),
    ),
  ),
  'run labels elsewhere': create(core('pods', 'elsewhere'), pod('x', marked)),
  'run labels in kube-system': create(core('pods', 'kube-system'), pod('x', marked)),
  'the token of default': create(tokenOf('default'), token()),
  'a token for dispatch-controller': as(dispatch, create(tokenOf('robot'), token())),
  'a token of kube-system': create(tokenOf('job-controller', 'kube-system'), token()),
  'a Secret with a token elsewhere': create(
    core('secrets', 'elsewhere'),
    tokenSecret('x', 'default'),
  ),
  'any other Secret': create(core('secrets'), { metadata: { name: 'x' } }),
  'an account of one’s own': create(core('serviceaccounts'), { metadata: { name: 'x' } }),
  'an account that says who manages it': create(core('serviceaccounts'), {
    metadata: { name: 'x', labels: { 'app.kubernetes.io/managed-by': 'helm' } },
  }),
  'a Role of one’s own': create(rbac('roles'), role('x', [rule([''], ['pods'], ['get'])])),
  'a change of a Role of one’s own': merge(`${rbac('roles')}/${jane}`, { rules: [] }),
  'a label on a projection': labelled(`${core('serviceaccounts')}/robot`, { tier: 'gold' }),
  'an annotation on a projected Role': annotated(`${rbac('roles')}/kradle-agent-robot`, {
    'example.com/a': 'b',
  }),
  'a finalizer on a projection': merge(`${core('serviceaccounts')}/robot`, {
    metadata: { finalizers: ['example.com/hold'] },
  }),
  'a projection whose owner the garbage collector takes away': as(
    garbageCollector,
    merge(`${core('serviceaccounts')}/robot`, { metadata: { ownerReferences: null } }),
  ),
  'a projection whose owner the garbage collector unblocks': as(
    garbageCollector,
    merge(`${core('serviceaccounts')}/robot`, {
      metadata: {
        ownerReferences: [{ ...projection.ownerReferences[0], blockOwnerDeletion: false }],
      },
    }),
  ),
  'the deletion of a projection': remove(`${core('serviceaccounts')}/robot`),
  'a projection by grants-controller': as(
    grants,
    merge(`${rbac('roles')}/kradle-agent-robot`, { rules: [rule([''], ['pods'], ['get'])] }),
  ),
  'a projection by identity-controller': as(
    identity,
    create(rbac('rolebindings'), roleBinding('x', [named('User', 'bob')], projection)),
  ),
  'the labels of a projection elsewhere': create(
    rbac('roles', 'elsewhere'),
    role('x', [], projection),
  ),
  'people who are bound': create(rbac('rolebindings'), roleBinding('x', [named('User', 'bob')])),
  'people who are added': merge(`${rbac('rolebindings')}/people`, {
    subjects: [named('User', 'bob'), named('Group', 'crew')],
  }),
  'account default, which is bound': create(
    rbac('rolebindings'),
    roleBinding('x', [account('default')]),
  ),
  'an account of elsewhere': create(
    rbac('rolebindings'),
    roleBinding('x', [account('builder', 'elsewhere')]),
  ),
  'an account without namespace elsewhere': create(
    rbac('rolebindings', 'elsewhere'),
    roleBinding('x', [account('builder')]),
  ),
  'a binding without subjects': create(rbac('rolebindings'), roleBinding('x', [])),
  'everybody, everywhere': create(
    clusterRoleBindings,
    roleBinding('x', [named('Group', 'system:authenticated')], {}, 'system:discovery'),
  ),
  'an agent that grants-controller binds': as(
    grants,
    create(rbac('rolebindings'), roleBinding('x', [account('robot', org)])),
  ),
  'a label on a binding of an agent’s': labelled(`${rbac('rolebindings')}/kradle-agent-robot`, {
    tier: 'gold',
  }),
  'the deletion of a binding of an agent’s': remove(`${rbac('rolebindings')}/kradle-agent-robot`),
  'a revision by the controller of DaemonSets': as(
    clusterAccount('daemon-set-controller'),
    create(apps('controllerrevisions'), revision('x')),
  ),
  'a revision whose owner the garbage collector takes away': as(
    garbageCollector,
    merge(`${apps('controllerrevisions')}/r`, { metadata: { ownerReferences: null } }),
  ),
  'a finalizer and an annotation on a revision': merge(`${apps('controllerrevisions')}/r`, {
    metadata: { finalizers: ['example.com/hold'], annotations: { 'example.com/a': 'b' } },
  }),
  'the deletion of a revision': remove(`${apps('controllerrevisions')}/r`),
  'a revision elsewhere': create(apps('controllerrevisions', 'elsewhere'), revision('x')),
  'a grant of a Secret that one can read': as(
    ursula,
    create(kradle('agentsecretgrants'), secretGrant('x', 'model')),
  ),
  'a grant of a ConfigMap that one can read': as(
    ursula,
    create(kradle('agentconfiggrants'), configGrant('x', 'settings')),
  ),
  'a label on a grant of somebody else’s': as(
    jane,
    labelled(`${kradle('agentsecretgrants')}/other`, { tier: 'gold' }),
  ),
  'a finalizer on a grant of somebody else’s': as(
    jane,
    merge(`${kradle('agentsecretgrants')}/other`, {
      metadata: { finalizers: ['example.com/hold'] },
    }),
  ),
  'the deletion of a grant': as(jane, remove(`${kradle('agentsecretgrants')}/other`)),
  'a stack under an account that one can use': as(
    ursula,
    create(kradle('agentstacks'), stack('x', 'robot')),
  ),
  'a prompt, and another account, of a stack when one can use both': as(
    ursula,
    merge(`${kradle('agentstacks')}/repairer`, {
      spec: { prompt: { system: 'Help.' }, runtimeIdentity: { serviceAccountRef: 'helper' } },
    }),
  ),
  'a label on a stack of somebody else’s': as(
    jane,
    labelled(`${kradle('agentstacks')}/foreign`, { tier: 'gold' }),
  ),
  'the deletion of a stack under an account that one can use': as(
    ursula,
    remove(`${kradle('agentstacks')}/repairer`),
  ),
  ...Object.fromEntries(
    [
      garbageCollector,
      clusterAccount('namespace-controller'),
      'system:kube-controller-manager',
    ].map(who => [
      `the deletion of a stack by ${who}`,
      as(who, remove(`${kradle('agentstacks')}/foreign`)),
    ]),
  ),
  'a User, by somebody who may make admins': as(ada, create(kradle('users'), user('x'))),
  'a User who is let in again, by somebody who may make admins': as(
    ada,
    merge(`${kradle('users')}/carol`, { spec: { signInState: 'active' } }),
  ),
  'a User who stays suspended': as(
    jane,
    merge(`${kradle('users')}/carol`, { spec: { displayName: 'Carol' } }),
  ),
  'a User who is suspended': as(
    jane,
    merge(`${kradle('users')}/dave`, { spec: { signInState: 'suspended' } }),
  ),
  'another name for a User': as(
    jane,
    merge(`${kradle('users')}/bob`, { spec: { displayName: 'Robert' } }),
  ),
  'an admin who is none any more': as(
    jane,
    merge(`${kradle('users')}/bob`, { spec: { admin: false } }),
  ),
  'an admin, by somebody who may make one': as(
    ada,
    create(kradle('users'), user('x', { admin: true })),
  ),
  'a Team without members': as(jane, create(kradle('teams'), team('x'))),
  'an empty Team': as(jane, create(kradle('teams'), team('x', { members: [], maintainers: [] }))),
  'a member who is taken away': as(
    jane,
    merge(`${kradle('teams')}/crew`, { spec: { members: ['carol'] } }),
  ),
  'members in another order': as(
    jane,
    merge(`${kradle('teams')}/crew`, { spec: { members: ['carol', 'bob'] } }),
  ),
  'another name for a Team': as(
    jane,
    merge(`${kradle('teams')}/crew`, { spec: { displayName: 'The crew' } }),
  ),
  'members, by somebody who may make them': as(
    ursula,
    create(kradle('teams'), team('x', { members: ['bob'] })),
  ),
  'all that a Team can lend, by somebody who may': as(
    ada,
    create(
      kradle('teams'),
      team('x', {
        members: ['bob'],
        maintainers: ['bob'],
        repositoryPermissions: [
          { repository: 'app', permission: 'admin' },
          { repository: 'site', permission: 'read' },
        ],
      }),
    ),
  ),
  'a mapping to a user of a forge': as(
    jane,
    create(kradle('identitymappings'), mapping('x', 'github')),
  ),
  'another name for a mapping': as(
    jane,
    merge(`${kradle('identitymappings')}/bob`, { spec: { displayName: 'Bob' } }),
  ),
  'a mapping to a user of the cluster, by an admin': as(
    ada,
    create(kradle('identitymappings'), mapping('x', 'kubernetes')),
  ),
  'an invite to members, by somebody who may make them': as(
    ursula,
    create(kradle('invites'), invite('x', 'member')),
  ),
  'an invite to admins, by an admin': as(ada, create(kradle('invites'), invite('x', 'admin'))),
  'a permission to read, by somebody who may make members': as(
    ursula,
    create(kradle('repositorypermissions'), permission('x', 'read')),
  ),
  'a permission to write, by an admin': as(
    ada,
    create(kradle('repositorypermissions'), permission('x', 'write')),
  ),
  'an owner by grants-controller': as(
    grants,
    merge(`${kradle('agentsecretgrants')}/model`, {
      metadata: { ownerReferences: owners('some') },
    }),
  ),
  'an owner on a grant that the garbage collector leaves out': as(
    garbageCollector,
    merge(`${kradle('agentsecretgrants')}/model`, { metadata: { ownerReferences: null } }),
  ),
  'a finalizer of somebody else’s on a grant': merge(`${kradle('agentsecretgrants')}/model`, {
    metadata: { finalizers: ['example.com/hold'] },
  }),
}

// ---- the tests

const policyNamed = (policy: string) => `ValidatingAdmissionPolicy '${policy}'`

async function refuses(
  tap: Pick<typeof t, 'ok' | 'match'>,
  says: readonly string[],
  reply: Reply,
): Promise<void> {
  tap.ok([403, 422].includes(reply.status), `status ${reply.status}`)
  for (const part of says) tap.match(reply.message, part)
}

/** A policy takes seconds to be in force after it is written. */
const pending = new Map(Object.entries(refused))
await until(
  'every policy is in force',
  async () => {
    for (const [policy, rows] of pending) {
      const reply = await dryRun(Object.values(rows)[0]!.change)
      if (reply.message.includes(policyNamed(policy))) pending.delete(policy)
    }
    return pending.size === 0
  },
  60,
).catch((error: unknown) => t.comment(`${String(error)}: ${[...pending.keys()].join(', ')}`))

t.test('every policy fails closed, has no parameters and no type warnings', async t => {
  for (const name of Object.keys(refused)) {
    const path = `${policies}/validatingadmissionpolicies/${name}`
    let policy = (await get(path)).body
    t.match(policy.spec, { failurePolicy: 'Fail', paramKind: undefined }, name)
    await until(`${name} is type-checked`, async () => {
      policy = (await get(path)).body
      return policy.status?.observedGeneration === policy.metadata.generation
    })
    t.same(policy.status?.typeChecking, {}, `${name} has no type warnings`)
  }
})

for (const [policy, rows] of Object.entries(refused)) {
  t.test(`${policy} refuses`, async t => {
    for (const [name, { change, says }] of Object.entries(rows)) {
      t.test(name, async t => {
        await refuses(t, [policyNamed(policy), ...says], await dryRun(change))
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

t.test('no other way leads to the marks of a Pod', async t => {
  const sent = { metadata: { labels: untrust, annotations: { [key('ref')]: 'refs/heads/x' } } }
  for (const change of [
    strategic(`${pods}/run/ephemeralcontainers`, {
      ...sent,
      spec: { ephemeralContainers: [{ name: 'debug', image: 'good' }] },
    }),
    strategic(`${pods}/run/resize`, {
      ...sent,
      spec: { containers: [{ name: 'main', resources: { requests: { cpu: '1m' } } }] },
    }),
  ]) {
    await send(change.method, change.path, change)
    const { metadata } = (await get(`${pods}/run`)).body
    t.match(metadata, { labels: runLabels, annotations: runAnnotations }, change.path)
  }
})

t.test('a node gets the token of an agent whose Pod runs on it', async t => {
  const bound = (await get(`${pods}/bound`)).body.metadata
  const change = create(
    tokenOf('robot'),
    token({ boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'bound', uid: bound.uid } }),
  )
  await until('the API server knows that the Pod is on the node', async () => {
    return (await dryRun(as(node, change))).status === 201
  })
  t.ok((await done(as(node, change))).status?.token)
})

t.test('kube-controller-manager makes Pods of the templates of runs', async t => {
  const kinds = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job']
  const one = (kind: string) => {
    const made = template(
      { ...marked, labels: { ...runLabels, kind } },
      { serviceAccountName: 'robot' },
    )
    return {
      metadata: { name: `real-${kind.toLowerCase()}`, ...marked },
      spec:
        kind === 'Job'
          ? { template: never(made) }
          : { selector: { matchLabels: { kind } }, template: made },
    }
  }
  for (const kind of kinds) await done(as(dispatch, create(workloads[kind]!.path, one(kind))))
  for (const kind of kinds) {
    let made: Stored[] = []
    await until(`a Pod is made of the ${kind}`, async () => {
      made = (await get(`${pods}?labelSelector=kind=${kind}`)).body.items
      return made.length > 0
    })
    t.match(made[0], {
      metadata: { labels: runLabels, annotations: runAnnotations },
      spec: { serviceAccountName: 'robot' },
    })
  }
})

t.test('what is orphaned or collected stays or goes as it should', async t => {
  const path = apps('replicasets')
  const [orphan] = (await get(`${pods}?labelSelector=kind=ReplicaSet`)).body.items
  await done(remove(`${path}/real-replicaset`, { propagationPolicy: 'Orphan' }))
  await until('the ReplicaSet is gone', async () => {
    return (await get(`${path}/real-replicaset`)).status === 404
  })
  const left = (await get(`${pods}/${orphan?.metadata.name}`)).body.metadata
  t.same(left.ownerReferences, undefined, 'its Pod is left, without an owner')
  t.match(left.labels, runLabels)

  await done(
    remove(`${apps('statefulsets')}/real-statefulset`, { propagationPolicy: 'Foreground' }),
  )
  await until('the StatefulSet is gone, with its revisions and Pods', async () => {
    const rest = await get(`${pods}?labelSelector=kind=StatefulSet`)
    const revisions = await get(`${apps('controllerrevisions')}?labelSelector=kind=StatefulSet`)
    return rest.body.items.length + revisions.body.items.length === 0
  })

  const owned = await done(create(kradle('agentserviceaccounts'), agentAccount('brief')))
  const { labels, ownerReferences } = projected(owned.metadata.uid)
  const metadata = {
    name: 'brief',
    labels,
    ownerReferences: [{ ...ownerReferences[0], name: 'brief' }],
  }
  await done(as(grants, create(core('serviceaccounts'), { metadata })))
  await done(as(grants, create(rbac('roles'), role('brief', [], { ...metadata }))))
  await done(remove(`${kradle('agentserviceaccounts')}/brief`))
  // The garbage collector looks for new kinds twice a minute.
  await until(
    'what was made of it is gone',
    async () => {
      const replies = await Promise.all(
        [core('serviceaccounts'), rbac('roles')].map(made => get(`${made}/brief`)),
      )
      return replies.every(({ status }) => status === 404)
    },
    60,
  )
  t.pass('gone')
})

t.test('large objects are judged and not refused for their size', async t => {
  const people = Array.from({ length: 1024 }, (_, index) => `${'u'.repeat(50)}-${index}`)
  const maintainers = people.slice(0, 256)
  const repositoryPermissions = maintainers.map(repository => ({ repository, permission: 'read' }))
  const path = `${kradle('teams')}/large`
  await done(
    as(
      ada,
      create(
        kradle('teams'),
        team('large', { members: people, maintainers, repositoryPermissions }),
      ),
    ),
  )
  const backwards = merge(path, {
    spec: {
      members: people.toReversed(),
      maintainers: maintainers.toReversed(),
      repositoryPermissions: repositoryPermissions.toReversed(),
    },
  })
  const strangers = merge(path, {
    spec: {
      members: people.map(name => `x${name}`),
      maintainers: maintainers.map(name => `x${name}`),
    },
  })
  for (const change of [as(jane, backwards), as(ada, strangers)]) {
    const reply = await dryRun(change)
    t.equal(reply.status, 200, reply.message)
  }
  await refuses(
    t,
    binds(jane, `spec.maintainers: "x${people[0]}"`, 'maintainer'),
    await dryRun(as(jane, strangers)),
  )
  const subjects = Array.from({ length: 8000 }, (_, index) => named('User', `u${index}`))
  const many = await dryRun(create(rbac('rolebindings', 'elsewhere'), roleBinding('x', subjects)))
  t.equal(many.status, 201, many.message)
  const decorated = await dryRun(
    as(
      jane,
      create(
        pods,
        pod('x', { labels: Object.fromEntries(subjects.map(({ name }) => [name, 'x'])) }),
      ),
    ),
  )
  t.equal(decorated.status, 201, decorated.message)
})

t.test('an organisation’s namespace goes, with what is in it', async t => {
  const path = `${namespaces}/kradle-org-initech`
  const inside = (change: Change): Change => ({
    ...change,
    path: change.path.replace(org, 'kradle-org-initech'),
  })
  await done(as(dispatch, inside(create(pods, pod('run', marked)))))
  await done(
    as(
      grants,
      inside(create(core('serviceaccounts'), { metadata: { name: 'robot', ...projection } })),
    ),
  )
  await done(as(grants, inside(create(rbac('roles'), role('robot', [], projection)))))
  await done(
    as(dispatch, inside(create(apps('statefulsets'), idle('StatefulSet', 'x', template())))),
  )
  const theirs = stack('repairer', 'robot')
  await done(
    inside(
      create(kradle('agentstacks'), {
        ...theirs,
        metadata: { name: 'repairer', labels: { [key('org')]: 'initech' } },
        spec: { ...theirs.spec, organizationRef: 'initech' },
      }),
    ),
  )
  await until('there is a revision', async () => {
    return (await get(apps('controllerrevisions', 'kradle-org-initech'))).body.items.length > 0
  })
  await done(remove(path))
  await until('the namespace is gone', async () => (await get(path)).status === 404, 60)
  t.pass('gone')
})

t.test('it is these policies that refuse: without them, every row above passes', async t => {
  await done(
    remove(
      `${policies}/validatingadmissionpolicybindings?labelSelector=app.kubernetes.io/part-of=kradle`,
    ),
  )
  for (const [policy, rows] of Object.entries(refused)) {
    let failing: string[] = []
    await until(`${policy} is out of force`, async () => {
      failing = []
      for (const [name, { change }] of Object.entries(rows)) {
        const reply = await dryRun(change)
        if (reply.status >= 300) failing.push(`${name}: ${reply.message}`)
      }
      return failing.every(reason => !reason.includes('ValidatingAdmissionPolicy'))
    })
    t.same(failing, [], policy)
  }
})
