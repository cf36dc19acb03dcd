import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { issueCa, issueLeaf } from '#hack/local/certificates.ts'
import {
  AgentApproval,
  AgentDispatchRun,
  ExternalWriteIntent,
  Issue,
  Job,
  PullRequest,
  Review,
  WebhookDelivery,
} from '#src/api/activity/v1alpha1.ts'
import { APIService } from '#src/api/apiregistration/v1.ts'
import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { BranchProtection } from '#src/api/control-plane/v1alpha1.ts'
import { AgentServiceAccount, IdentityMapping, User } from '#src/api/identity/v1alpha1.ts'
import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import { ACTIVITY_API_SERVICE, orgNamespace } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { ClusterRole, RoleBinding } from '#src/api/rbac/v1.ts'
import { apiPath } from '#src/lib/api-path.ts'
import { patienceMs } from '#test/support/pace.ts'
import { persona, person, role, type Person } from '#test/support/people.ts'
import { asker, exchange, hangUp, type Answered, type Ask } from '#test/support/raw-request.ts'
import { createOrganization, running, withActivity } from '#test/support/running.ts'

// Ways into what is somebody else's, by the API of activity: as a tenant, as an agent with a shell, and as somebody who reaches
// the port of kradle-apiserver. Each row says who tries what; each has to be refused, and the refusal has to say by what.

const { client, controlPlane } = await running(t, { processes: withActivity })
await Promise.all(['acme', 'globex'].map(slug => createOrganization(client, slug)))
const [acme, globex] = ['acme', 'globex'].map(orgNamespace) as [string, string]

const object = (
  kind: Kind,
  name: string,
  spec: object = {},
  home = acme,
): KubernetesObject & { spec: object } => ({
  apiVersion: apiVersionOf(kind),
  kind: kind.kind,
  metadata: { name, namespace: home },
  spec,
})
const make = (kind: Kind, name: string, spec?: object, home?: string) =>
  client.create(kind, object(kind, name, spec, home))
const path = (kind: Kind, name = '', home = acme) =>
  apiPath(kind, { namespace: home }) + (name && `/${name}`)

const people: { close(): void }[] = []
t.teardown(() => people.forEach(who => who.close()))
const somebody = async (name: string, roles: readonly string[], home = acme): Promise<Person> => {
  const who = await person(controlPlane, name)
  people.push(who)
  for (const each of roles) await client.create(RoleBinding, persona(name, each, home))
  return who
}
const group = 'activity.kradle.a5c.ai'
const EVERYTHING = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']
/** What somebody careless could give a tenant: all but the rights that Kradle asks for. */
await client.create(
  ClusterRole,
  role('careless', { apiGroups: [group], resources: ['*'], verbs: EVERYTHING }),
)
await client.create(
  ClusterRole,
  role('editor', {
    apiGroups: [group],
    resources: ['*'],
    verbs: EVERYTHING.filter(verb => verb !== 'delete'),
  }),
)
await client.create(
  ClusterRole,
  role('approver', { apiGroups: [group], resources: ['*'], verbs: [...EVERYTHING, 'approve'] }),
)
const admin = await somebody('ada', ['kradle-admin'])
const maintainer = await somebody('maria', ['kradle-maintainer'])
const member = await somebody('mo', ['kradle-member'])
const viewer = await somebody('vic', ['kradle-viewer'])
const careless = await somebody('carl', ['careless'])
const editor = await somebody('edda', ['editor'])
const asking = await somebody('alma', ['approver'])
const alias = await somebody('alma-at-home', ['approver'])
const program = await somebody('system:serviceaccount:default:bot', ['approver'])
const agent = await somebody(`system:serviceaccount:${acme}:builder`, [])
const other = await somebody('gus', ['kradle-admin'], globex)

await make(AgentServiceAccount, 'builder', { namespace: acme, serviceAccountName: 'builder' })
await make(AgentStack, 'fixer', {
  baseAgent: 'claude-code',
  adapter: 'agent-mux.claude-code',
  runtimeIdentity: { serviceAccountRef: 'builder' },
})
await make(User, 'alma', { displayName: 'Alma', email: 'alma@example.com' })
for (const subject of ['alma', 'alma-at-home'])
  await make(IdentityMapping, subject, { user: 'alma', provider: 'kubernetes', subject })
await make(BranchProtection, 'main', { refs: ['main'], requiredReviews: 2 })

const run = { repository: 'app', sourceRefs: {}, agentStack: 'fixer', taskKind: 'x' }
const approval = { dispatchRun: 'run', action: 'write-back' }
const pull = (target: string) => ({
  repository: 'app',
  title: 'A change',
  source: { ref: 'change' },
  target: { ref: target },
})
/** A failure is thrown: an assertion out here would end the test before it has begun. */
const must = (says: string): void => {
  if (says !== '') throw new Error(says)
}
const created = async (who: Person, kind: Kind, name: string, spec: object, home = acme) =>
  must(await who.send('POST', path(kind, '', home), object(kind, name, spec, home)))
await created(asking, AgentDispatchRun, 'run', run)
await created(asking, AgentApproval, 'own', approval)
await created(asking, AgentApproval, 'decided', { ...approval, action: 'release' })
const decision = (answer: string) => ({ spec: { decision: answer, reason: 'because' } })
const MERGE = 'application/merge-patch+json'
const PATCH = 'application/json-patch+json'
const APPLY = 'application/apply-patch+yaml'
must(await admin.send('PATCH', path(AgentApproval, 'decided'), decision('Denied'), MERGE))
await created(member, PullRequest, 'change', pull('sandbox'))
// Nothing protects the sandbox.
must(await member.send('PATCH', path(PullRequest, 'change'), { spec: { merge: {} } }, MERGE))
await created(member, Issue, 'issue', {
  title: 'It fails',
  comments: [{ id: 'one', body: 'It does' }],
})
await created(other, Issue, 'secret', { title: 'Not for acme' }, globex)
await created(other, Issue, 'second', { title: 'Not for acme' }, globex)

const merge = (who: Person, kind: Kind, name: string, patch: object, query = '') =>
  who.send('PATCH', `${path(kind, name)}${query}`, patch, MERGE)
const apply = (who: Person, wanted: KubernetesObject, kind: Kind, query = '') =>
  who.send('PATCH', `${path(kind, wanted.metadata.name)}?fieldManager=x${query}`, wanted, APPLY)
const edit = (who: Person, kind: Kind, name: string, ...operations: object[]) =>
  who.send('PATCH', path(kind, name), operations, PATCH)
const dead = { apiVersion: 'v1', kind: 'ConfigMap', name: 'none', uid: 'none' }

interface Row {
  readonly what: string
  readonly attempt: () => Promise<string>
  readonly says: RegExp
}

const decide = (who: Person, name: string, answer: string) =>
  merge(who, AgentApproval, name, decision(answer))

const decisions: Row[] = [
  {
    what: 'his own request, decided by himself',
    attempt: () => decide(asking, 'own', 'Approved'),
    says: /is written by "alma", who asks for it.*R88/,
  },
  {
    what: 'his own request, decided by another account of his',
    attempt: () => decide(alias, 'own', 'Approved'),
    says: /the same User as "alma".*R88/,
  },
  {
    what: 'a request decided by the agent itself',
    attempt: () => decide(agent, 'own', 'Approved'),
    says: /forbidden: User/,
  },
  {
    what: 'a request decided by a program with verb approve',
    attempt: () => decide(program, 'own', 'Approved'),
    says: /a program cannot answer for a person.*R88/,
  },
  {
    what: 'a request decided without verb approve',
    attempt: () => decide(careless, 'own', 'Approved'),
    says: /the verb approve.*R88/,
  },
  {
    what: 'a decision and another requester in one patch',
    attempt: () =>
      merge(asking, AgentApproval, 'own', {
        spec: { ...decision('Approved').spec, requestedBy: 'mo' },
      }),
    says: /stays as it was/,
  },
  {
    what: 'another requester first',
    attempt: () => merge(asking, AgentApproval, 'own', { spec: { requestedBy: 'mo' } }),
    says: /stays as it was/,
  },
  {
    what: 'a decision by replacing all of it, with a status',
    attempt: () =>
      edit(
        asking,
        AgentApproval,
        'own',
        {
          op: 'add',
          path: '/spec/decision',
          value: 'Approved',
        },
        { op: 'add', path: '/spec/reason', value: 'x' },
        {
          op: 'add',
          path: '/status/decidedBy',
          value: 'ada',
        },
      ),
    says: /who asks for it/,
  },
  {
    what: 'a decision by apply',
    attempt: () =>
      apply(
        asking,
        object(AgentApproval, 'own', {
          ...approval,
          ...decision('Approved').spec,
          organizationRef: 'acme',
        }),
        AgentApproval,
        '&force=true',
      ),
    says: /who asks for it/,
  },
  {
    what: 'a request that comes with its decision',
    attempt: () =>
      asking.dryRun(
        AgentApproval,
        object(AgentApproval, 'new', {
          ...approval,
          action: 'escalation',
          ...decision('Approved').spec,
        }),
      ),
    says: /for somebody else to write.*R86/,
  },
  {
    what: 'the same, made by apply',
    attempt: () =>
      apply(
        asking,
        object(AgentApproval, 'new', {
          ...approval,
          organizationRef: 'acme',
          requestedBy: 'alma',
          action: 'escalation',
          ...decision('Approved').spec,
        }),
        AgentApproval,
      ),
    says: /for somebody else to write.*R86/,
  },
  {
    what: 'a request in the name of somebody else',
    attempt: () =>
      asking.dryRun(
        AgentApproval,
        object(AgentApproval, 'new', { ...approval, action: 'escalation', requestedBy: 'mo' }),
      ),
    says: /is not who writes it.*R88/,
  },
  {
    what: 'the same question once more while it is open',
    attempt: () =>
      asking.send('POST', path(AgentApproval), object(AgentApproval, 'again', approval)),
    says: /already exists under the name "own"/,
  },
  {
    what: 'another answer',
    attempt: () => decide(admin, 'decided', 'Approved'),
    says: /"Denied" stays/,
  },
  {
    what: 'an answer taken back, to be given anew',
    attempt: () =>
      merge(admin, AgentApproval, 'decided', { spec: { decision: null, reason: null } }),
    says: /"Denied" stays/,
  },
  ...[admin, maintainer].map(who => ({
    what: `an answer deleted, to be asked anew, by ${who.name}`,
    attempt: () => who.send('DELETE', path(AgentApproval, 'decided')),
    says: /forbidden: User/,
  })),
  {
    what: 'an answer collected as garbage, by who may not delete it',
    attempt: () =>
      merge(admin, AgentApproval, 'decided', { metadata: { ownerReferences: [dead] } }),
    says: /cannot set an ownerRef on a resource you can't delete/,
  },
  {
    what: 'an issue collected as garbage, by who may not delete it',
    attempt: () => merge(member, Issue, 'issue', { metadata: { ownerReferences: [dead] } }),
    says: /cannot set an ownerRef on a resource you can't delete/,
  },
  {
    what: 'an owner that would have to wait',
    attempt: () =>
      member.send('POST', `${path(Issue)}?dryRun=All`, {
        ...object(Issue, 'new', { title: 'x' }),
        metadata: {
          name: 'new',
          namespace: acme,
          ownerReferences: [{ ...dead, blockOwnerDeletion: true }],
        },
      }),
    says: /a resource you can't set finalizers on/,
  },
]

const status = (phase: string) => ({ status: { phase, decidedBy: 'ada', reason: 'Expired' } })
const statuses: Row[] = [
  ...[admin, maintainer, member].map(who => ({
    what: `a status, written by ${who.name}`,
    attempt: () => merge(who, AgentApproval, 'own/status', status('Approved')),
    says: /agentapprovals\/status.*|forbidden: User/,
  })),
  ...[PATCH, MERGE, APPLY].map(type => ({
    what: `a status, written by who was given all rights, by ${type}`,
    attempt: () =>
      careless.send(
        'PATCH',
        `${path(AgentApproval, 'own/status')}${type === APPLY ? '?fieldManager=x' : ''}`,
        type === PATCH
          ? [{ op: 'replace', path: '/status/phase', value: 'Approved' }]
          : type === APPLY
            ? { ...object(AgentApproval, 'own'), ...status('Approved') }
            : status('Approved'),
        type,
      ),
    says: /status: .*R20|phase follows from the decision/,
  })),
]

const rulesOfKinds: Row[] = [
  {
    what: 'a merge into a sandbox, sent to main afterwards',
    attempt: () => merge(member, PullRequest, 'change', { spec: { target: { ref: 'main' } } }),
    says: /of 2 approvals are there.*R76/,
  },
  {
    what: 'his own pull request, approved by himself',
    attempt: () =>
      member.dryRun(Review, object(Review, 'own', { pullRequest: 'change', decision: 'approval' })),
    says: /is its author's own.*R76/,
  },
  {
    what: 'an approval of what is to come',
    attempt: () =>
      member.dryRun(Review, object(Review, 'own', { pullRequest: 'next', decision: 'approval' })),
    says: /is no PullRequest/,
  },
  {
    what: 'the words of somebody else, changed',
    attempt: () =>
      edit(maintainer, Issue, 'issue', {
        op: 'replace',
        path: '/spec/comments/0/body',
        value: 'It works',
      }),
    says: /said this.*R227/,
  },
  {
    what: 'the words of somebody else, taken away by who may not delete',
    attempt: () => edit(editor, Issue, 'issue', { op: 'remove', path: '/spec/comments' }),
    says: /and it is missing.*R227/,
  },
  {
    what: 'an issue in the name of somebody else',
    attempt: () => member.dryRun(Issue, object(Issue, 'new', { title: 'x', author: 'ada' })),
    says: /is not who writes it.*R227/,
  },
  {
    what: 'a delivery with words of his own',
    attempt: () =>
      maintainer.dryRun(
        WebhookDelivery,
        object(WebhookDelivery, 'new', {
          subscription: 's',
          eventType: 'push',
          signature: { algorithm: 'hmac-sha256' },
        }),
      ),
    says: /nobody makes one by hand.*R207|R207/,
  },
  {
    what: 'a Job of a pipeline that is not there',
    attempt: () =>
      maintainer.dryRun(
        Job,
        object(Job, 'new', {
          pipeline: 'none',
          step: 'x',
          trustTier: 'trusted',
          scopes: { secrets: true },
        }),
      ),
    says: /is no Pipeline/,
  },
  {
    what: 'an intent that waives its approval',
    attempt: () =>
      maintainer.dryRun(
        ExternalWriteIntent,
        object(ExternalWriteIntent, 'new', {
          providerRef: 'none',
          resourceRef: { kind: 'Issue', name: 'x' },
          operation: 'createComment',
          approvalPolicy: { required: false },
        }),
      ),
    says: /is no ExternalBackendProvider|R180/,
  },
]

const foreign = (verb: string) => new RegExp(`forbidden: User "ada" cannot ${verb} resource`)
const readBy = async (who: Person, method: string, at: string) => who.send(method, at)
const tenancy: Row[] = [
  ...[
    ['get', 'GET', path(Issue, 'secret', globex)],
    ['list', 'GET', path(Issue, '', globex)],
    ['list', 'GET', apiPath(Issue)],
    ['list', 'GET', `${apiPath(Issue)}?fieldSelector=metadata.namespace%3D${acme}`],
    ['list', 'GET', `${path(Issue, '', globex)}?fieldSelector=metadata.name%3Dsecret`],
    ['watch', 'GET', `${path(Issue, '', globex)}?watch=1`],
    ['create', 'POST', path(Issue, '', globex)],
    ['patch', 'PATCH', path(Issue, 'secret', globex)],
    ['update', 'PUT', path(Issue, 'secret', globex)],
    ['delete', 'DELETE', path(Issue, 'secret', globex)],
    ['deletecollection', 'DELETE', path(Issue, '', globex)],
    ['deletecollection', 'DELETE', path(Issue)],
  ].map(([verb, method, at]) => ({
    what: `${verb} by ada at ${at}`,
    attempt: () => readBy(admin, method!, at!),
    says: foreign(verb!),
  })),
  ...[
    `namespaces/${acme}%2F..%2F${globex}/issues`,
    `namespaces/${acme}/..%2f..%2fnamespaces/${globex}/issues`,
    `namespaces/${acme}/issues/..%2F..%2F${globex}%2Fissues%2Fsecret`,
    `namespaces/${acme}%00/issues`,
    `namespaces//issues`,
    `namespaces/%20${acme}/issues`,
    `watch/namespaces/${globex}/issues`,
  ].map(at => ({
    what: `reading by ada at ${at}`,
    attempt: () => admin.send('GET', `/apis/${group}/v1alpha1/${at}`),
    says: /\S/,
  })),
  {
    what: 'an object put into another namespace than the URL says',
    attempt: () =>
      admin.send('POST', `${path(Issue)}?dryRun=All`, object(Issue, 'new', { title: 'x' }, globex)),
    says: /does not match the namespace sent on the request/,
  },
  {
    what: 'an object moved by a patch',
    attempt: () => merge(member, Issue, 'issue', { metadata: { namespace: globex } }),
    says: /does not match the namespace/,
  },
  {
    what: 'an object that names another organisation',
    attempt: () =>
      member.dryRun(Issue, object(Issue, 'new', { title: 'x', organizationRef: 'globex' })),
    says: /is not the organisation of namespace/,
  },
  {
    what: 'an object with the label of another organisation, by metadata alone',
    attempt: () =>
      merge(member, Issue, 'issue', { metadata: { labels: { 'kradle.a5c.ai/org': 'globex' } } }),
    says: /is not the organisation of namespace/,
  },
  {
    what: 'an object in a namespace of no organisation',
    attempt: async () =>
      (await person(controlPlane)).dryRun(Issue, object(Issue, 'x', { title: 'x' }, 'default')),
    says: /is not bound to an organisation/,
  },
  ...(
    [
      [viewer, Issue],
      [member, AgentApproval],
      [member, WebhookDelivery],
      [maintainer, AgentApproval],
      [admin, AgentApproval],
    ] as const
  ).map(([who, kind]) => ({
    what: `a ${kind.kind}, created by ${who.name}`,
    attempt: () => who.dryRun(kind, object(kind, 'new')),
    says: /forbidden: User/,
  })),
]

for (const { what, attempt, says } of [...decisions, ...statuses, ...rulesOfKinds, ...tenancy])
  t.test(`refused: ${what}`, async t => {
    const said = await attempt()
    t.match(said, says)
    t.not(said, '')
  })

t.test('an answer names what is there in one other organisation as what is not', async t => {
  const at = (name: string) => admin.send('GET', path(Issue, name, globex))
  t.equal(
    (await at('secret')).replaceAll('secret', 'x'),
    (await at('none')).replaceAll('none', 'x'),
  )
})

// Whoever reaches the port of kradle-apiserver itself.
const { spec } = (await client.get(APIService, ACTIVITY_API_SERVICE))!
const direct = `https://localhost:${spec.service!.port}`
const ca = Buffer.from(spec.caBundle!, 'base64').toString()
const certificate = async (name: string) => ({ ca, ...(await controlPlane.certificateFor(name)) })
const at = (tls: object, server = direct): Ask => {
  const made = asker(server, tls)
  people.push(made)
  return made.ask
}
const nobody = at({ ca })
const asMember = at(await certificate('mo'))
const forged = {
  'x-remote-user': 'system:admin',
  'x-remote-group': 'system:masters',
  'x-remote-uid': '0',
  'x-remote-extra-scopes': 'all',
}
const proxyName = 'front-proxy-client'
const ownCa = await issueCa(proxyName, new Date())
const ownLeaf = await issueLeaf(ownCa, { commonName: proxyName, usages: ['client'] }, new Date())
const secret = path(Issue, 'secret', globex)
const identities: [string, () => Promise<Answered>, number, RegExp][] = [
  ['nobody', () => nobody('GET', secret), 403, /User \\"system:anonymous\\"/],
  [
    'nobody, with the headers of a proxy',
    () => nobody('GET', secret, { headers: forged }),
    403,
    /system:anonymous/,
  ],
  [
    'a member with a certificate, and the headers of a proxy',
    () => asMember('GET', secret, { headers: forged }),
    403,
    /User \\"mo\\"/,
  ],
  [
    'a certificate of his own authority with the name of the proxy',
    () => at({ ca, ...ownLeaf })('GET', secret, { headers: forged }),
    401,
    /Unauthorized/,
  ],
  [
    'a user of the cluster who is called like the proxy',
    async () => at(await certificate(proxyName))('GET', secret, { headers: forged }),
    403,
    /User \\"front-proxy-client\\"/,
  ],
  [
    'a token that is none, and the headers of a proxy',
    () => nobody('GET', secret, { headers: { ...forged, authorization: 'Bearer x' } }),
    401,
    /Unauthorized/,
  ],
  [
    'impersonation',
    () => asMember('GET', secret, { headers: { 'impersonate-user': 'system:admin' } }),
    403,
    /impersonation goes through kube-apiserver alone/,
  ],
  [
    'the headers of a proxy, through the aggregator',
    async () =>
      at(
        { ...(await certificate('mo')), ca: controlPlane.adminCertificate.ca },
        controlPlane.server,
      )('GET', secret, { headers: forged }),
    403,
    /User \\"mo\\"/,
  ],
  [
    'so many headers that those of the proxy come too late',
    async () =>
      at(
        { ...(await certificate('gus')), ca: controlPlane.adminCertificate.ca },
        controlPlane.server,
      )('GET', secret, {
        headers: Object.fromEntries(
          Array.from({ length: 1_900 }, (_, i) => [`a-${i}`, ['1', '2']]),
        ),
      }),
    200,
    /Not for acme/,
  ],
]
for (const [what, attempt, code, says] of identities)
  t.test(`is who he is: ${what}`, async t => {
    const answered = await attempt()
    t.equal(answered.code, code)
    t.match(answered.text, says)
  })

t.test('requests within requests are not served', async t => {
  const inner = `GET ${secret} HTTP/1.1\r\nHost: localhost\r\nX-Remote-User: system:admin\r\nX-Remote-Group: system:masters\r\n\r\n`
  const tls = await certificate('mo')
  const ambiguous = `POST ${path(Issue)} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`
  t.match(await exchange(direct, tls, ambiguous), /^HTTP\/1.1 400/)
  const upgrade = `GET ${path(Issue)} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`
  const viaProxy = { ...tls, ca: controlPlane.adminCertificate.ca }
  for (const [server, as] of [
    [direct, tls],
    [controlPlane.server, viaProxy],
  ] as const) {
    const said = await exchange(server, as, upgrade + inner)
    t.match(said, /^HTTP\/1.1 \d/)
    t.notMatch(said, /Not for acme/)
  }
})

t.test('a place in a list is of that list', async t => {
  const mine = at(
    { ...(await certificate('gus')), ca: controlPlane.adminCertificate.ca },
    controlPlane.server,
  )
  const page = JSON.parse((await mine('GET', `${path(Issue, '', globex)}?limit=1`)).text) as {
    metadata: { continue: string }
  }
  const theirs = await admin.send(
    'GET',
    `${path(Issue)}?limit=1&continue=${page.metadata.continue}`,
  )
  t.match(theirs, /continue key is not valid/)
})

// One who wants others to wait. Whatever he sends, somebody else has his answer soon.
const huge = (text: string, times: number) => text.repeat(times)
const labelled = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`l${i}`, 'x']))
const doubling = Array.from({ length: 60 }, (_, i) => ({
  op: 'copy',
  from: '/spec',
  path: `/spec/a${i}`,
}))
const patching = { 'content-type': PATCH }
const bodies: [string, () => Promise<Answered>, number][] = [
  ['a path of slashes, from nobody', () => nobody('GET', `/apis/${huge('/', 400_000)}x`), 404],
  [
    'YAML of 2 MB',
    () =>
      asMember('POST', path(Issue), {
        headers: { 'content-type': 'application/yaml' },
        body: `a:\n${huge('- a\n', 500_000)}`,
      }),
    413,
  ],
  [
    'a patch that copies what it has copied',
    () => asMember('PATCH', path(Issue, 'issue'), { headers: patching, body: doubling }),
    422,
  ],
  [
    'a patch that moves a long list, again and again',
    () =>
      asMember('PATCH', path(Issue, 'issue'), {
        headers: patching,
        body: [
          { op: 'add', path: '/spec/a', value: Array.from({ length: 500_000 }, () => 0) },
          ...Array.from({ length: 9_000 }, () => ({ op: 'add', path: '/spec/a/0', value: 0 })),
        ],
      }),
    422,
  ],
  [
    'JSON of 400,000 levels',
    () =>
      asMember('POST', path(Issue), {
        body: `{"apiVersion":"${group}/v1alpha1","kind":"Issue","metadata":{"name":"x"},"spec":{"title":"x"},"a":${huge('{"a":', 400_000)}1${huge('}', 400_000)}}`,
      }),
    400,
  ],
  [
    'JSON of many levels where the schema looks',
    () =>
      asMember('POST', path(Issue), {
        body: `{"apiVersion":"${group}/v1alpha1","kind":"Issue","metadata":{"name":"x","managedFields":[{"manager":"x","operation":"Update","apiVersion":"${group}/v1alpha1","fieldsType":"FieldsV1","fieldsV1":${huge('{"f:a":', 300_000)}{}${huge('}', 300_000)}}]},"spec":{"title":"x"}}`,
      }),
    400,
  ],
  [
    'a selector of a hundred thousand requirements',
    () =>
      asMember(
        'GET',
        `${path(Issue)}?labelSelector=${encodeURIComponent(Array.from({ length: 100_000 }, (_, i) => `!a${i}`).join(','))}`,
      ),
    400,
  ],
  [
    'an object with thousands of labels',
    () =>
      asMember('POST', path(Issue), {
        body: {
          ...object(Issue, 'labelled', { title: 'x' }),
          metadata: { name: 'labelled', labels: labelled(10_000) },
        },
      }),
    422,
  ],
  [
    'an object of 2 MB',
    () =>
      asMember('POST', path(Issue), {
        body: {
          ...object(Issue, 'large', { title: 'x' }),
          metadata: {
            name: 'large',
            finalizers: Array.from(
              { length: 40_000 },
              (_, i) => `example.com/${'x'.repeat(30)}${i}`,
            ),
          },
        },
      }),
    413,
  ],
  [
    'a body that is compressed',
    () =>
      asMember('POST', path(Issue), {
        headers: { 'content-encoding': 'gzip' },
        body: 'H4sIAAAAAAAA',
      }),
    400,
  ],
]
for (const [what, attempt, code] of bodies)
  t.test(`nobody else waits: ${what}`, async t => {
    const attack = attempt()
    await sleep(20)
    const somebodyElse = await at(await certificate('gus'))('GET', secret)
    const { code: answered, text } = await attack
    t.equal(answered, code, text.slice(0, 300))
    t.ok(text.length < 4_000_000)
    t.equal(somebodyElse.code, 200)
    t.ok(somebodyElse.ms < patienceMs(), `${Math.round(somebodyElse.ms)} ms`)
    t.comment(`${Math.round(somebodyElse.ms)} ms for somebody else`)
  })

t.test('what a patch calls __proto__ is a field like any other', async t => {
  const body =
    '[{"op":"add","path":"/spec/__proto__","value":{"decision":"Approved"}},{"op":"add","path":"/__proto__/polluted","value":1}]'
  await asMember('PATCH', path(Issue, 'issue'), { headers: patching, body })
  const again = await asMember('GET', path(Issue, 'issue'))
  t.equal(again.code, 200)
  t.notMatch(again.text, /polluted|Approved/)
})

t.test('one user has a part of the places, however slowly he sends', async t => {
  const tls = await certificate('mo')
  const head = `POST ${path(Issue)} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`
  const slow = Array.from({ length: 80 }, () => exchange(direct, tls, head, 4_000))
  await sleep(2_500)
  const answered = await at(await certificate('gus'))(
    'POST',
    `${path(Issue, '', globex)}?dryRun=All`,
    {
      body: object(Issue, 'new', { title: 'x' }, globex),
    },
  )
  t.equal(answered.code, 201, answered.text)
  const turnedAway = (await Promise.all(slow)).filter(said => said.startsWith('HTTP/1.1 429'))
  t.ok(turnedAway.length >= 25, `${turnedAway.length} of 80`)
})

t.test('who asks and hangs up costs nobody else his session', async t => {
  const tls = await certificate('mo')
  const somebodyElse = at(await certificate('gus'))
  const took: number[] = []
  const measure = async (count: number) => {
    const before = took.length
    for (let i = 0; i < count; i++) {
      const { code, ms } = await somebodyElse('GET', secret)
      t.equal(code, 200)
      took.push(ms)
    }
    const sorted = took.slice(before).toSorted((a, b) => a - b)
    return `p50 ${Math.round(sorted[count >> 1]!)}, max ${Math.round(sorted.at(-1)!)} ms`
  }
  t.comment(`alone: ${await measure(50)}`)
  const over = new AbortController()
  const rude = Array.from({ length: 40 }, async () => {
    while (!over.signal.aborted) await hangUp(direct, tls, path(Issue), 2 + Math.random() * 10)
  })
  t.comment(`beside 40 who hang up: ${await measure(100)}`)
  over.abort()
  await Promise.all(rude)
  t.ok(Math.max(...took) < patienceMs())
})

t.test('whoever may, does', async t => {
  t.equal(await decide(admin, 'own', 'Approved'), '')
  const approved = await client.get(AgentApproval, 'own', acme)
  t.match(approved?.status, { phase: 'Approved', decidedBy: 'ada' })
  const deleting = { metadata: { ownerReferences: [dead] } }
  t.equal(await merge(careless, Issue, 'issue', deleting, '?dryRun=All'), '')
  t.equal(
    await merge(member, PullRequest, 'change', { spec: { target: { ref: 'playground' } } }),
    '',
  )
})
