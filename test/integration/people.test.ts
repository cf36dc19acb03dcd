import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { issueCa, issueLeaf } from '#hack/local/certificates.ts'
import {
  AuthProvider,
  IdentityMapping,
  Invite,
  Organization,
  Team,
  User,
} from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { Condition, KubernetesObject, Status } from '#src/api/object.ts'
import { ClusterRole, RoleBinding } from '#src/api/rbac/v1.ts'
import { createOrganization, running, team, until } from '#test/support/running.ts'
import { authProvider, invite, mapping, user } from '#test/fixtures-identity.ts'

const NAMESPACE = 'kradle-org-acme'
const CONTROLLER = `system:serviceaccount:${PLATFORM_NAMESPACE}:identity-controller`

// An identity provider, with an authority of its own.
const folder = mkdtempSync(join(tmpdir(), 'kradle-issuer-'))
const ca = await issueCa('authority', new Date())
const leaf = await issueLeaf(
  ca,
  { commonName: 'issuer', usages: ['server'], dns: ['localhost'] },
  new Date(),
)
const caFile = join(folder, 'ca.crt')
writeFileSync(caFile, ca.cert)
const documents = new Map<string, object>()
const issuers = createServer(leaf, (request, response) => {
  const document = documents.get(String(request.url))
  response.writeHead(document ? 200 : 404).end(JSON.stringify(document ?? {}))
})
await new Promise<void>(resolve => issuers.listen(0, '127.0.0.1', resolve))
const host = `https://localhost:${(issuers.address() as AddressInfo).port}`
t.teardown(() => {
  issuers.close()
  rmSync(folder, { recursive: true, force: true })
})

// Without the webhooks: what they refuse, such as a second mapping of an account, can be there from a time without them.
const { client, kubectl } = await running(t, {
  processes: [
    { name: 'identity-controller', flags: ['--allow-private-issuers', '--issuer-ca', caFile] },
  ],
})
await createOrganization(client, 'acme')

/** Creates the object as a person would: without what the API server knows better. */
async function create<T extends KubernetesObject>(kind: Kind<T>, object: T): Promise<void> {
  const { name, namespace, labels } = object.metadata
  await client.create(kind, {
    ...object,
    metadata: { name, ...(namespace && { namespace }), ...(labels && { labels }) },
  })
}
const enrol = async (name: string, spec: object = {}) => {
  await create(User, user(name, { spec }))
  await create(IdentityMapping, mapping(name))
}
const patch = (kind: Kind, name: string, body: object) =>
  client.mergePatch(kind, { name, namespace: NAMESPACE }, body, { fieldManager: 'test' })
const remove = (kind: Kind, name: string) => client.delete(kind, name, NAMESPACE)

const conditionOf = async (
  kind: Kind,
  name: string,
  type: string,
): Promise<Condition | undefined> => {
  const object = (await client.get(kind, name, NAMESPACE)) as { status?: Status } | undefined
  return object?.status?.conditions?.find(condition => condition.type === type)
}
const says = (kind: Kind, name: string, type: string, reason: string) =>
  until(`${kind.kind} ${name} says ${type} ${reason}`, async () => {
    const condition = await conditionOf(kind, name, type)
    return condition?.reason === reason
  })

const bindingsOf = async (name: string): Promise<string[]> => {
  const { items } = await client.list(RoleBinding, { namespace: NAMESPACE })
  return items
    .filter(({ subjects = [] }) => subjects.some(subject => subject.name === name))
    .map(({ metadata }) => metadata.name)
}
const bound = (name: string, ...bindings: string[]) =>
  until(
    `${name} is bound by ${bindings.join(', ') || 'nothing'}`,
    async () => String(await bindingsOf(name)) === String(bindings),
  )
/** `what` is a resource, or one with a subresource. */
const can = async (who: string, verb: string, what: string, namespace = NAMESPACE) => {
  const [resource = '', subresource = ''] = what.split('/')
  const question = ['auth', 'can-i', verb, resource, `--subresource=${subresource}`]
  const { stdout } = await kubectl([...question, '--as', who, '-n', namespace])
  return stdout.trim() === 'yes'
}

t.test('the flag on a User makes the account an admin, and nothing else', async t => {
  t.notOk(await can('ada', 'list', 'teams.kradle.a5c.ai'))
  await enrol('ada', { admin: true })
  await bound('ada', 'kradle-admin-ada')
  await says(User, 'ada', 'Ready', 'Projected')
  await until('the API server knows', () => can('ada', 'create', 'agentsecretgrants.kradle.a5c.ai'))
  t.ok(await can('ada', 'get', 'secrets'))
  t.ok(await can('ada', 'use', 'agentserviceaccounts.kradle.a5c.ai'))
  for (const [verb, what] of [
    ['list', 'secrets'],
    ['create', 'rolebindings'],
    ['create', 'serviceaccounts/token'],
    ['create', 'pods/exec'],
    ['patch', 'users.kradle.a5c.ai/status'],
  ] as const)
    t.notOk(await can('ada', verb, what), `${verb} ${what}`)
  t.notOk(await can('ada', 'get', 'secrets', 'default'), 'nowhere else')
  t.match(await client.get(RoleBinding, 'kradle-admin-ada', NAMESPACE), {
    metadata: {
      labels: { 'app.kubernetes.io/managed-by': 'kradle', 'kradle.a5c.ai/org': 'acme' },
      ownerReferences: [{ kind: 'User', name: 'ada', controller: true }],
    },
  })
})

t.test('Teams make members and maintainers, for as long as they name them', async t => {
  await enrol('bob')
  await says(User, 'bob', 'RolesProjected', 'NoRole')
  await create(Team, {
    ...team('core'),
    spec: { ...team('core').spec, members: ['bob'], maintainers: ['bob', 'nobody'] },
  })
  await bound('bob', 'kradle-maintainer-bob', 'kradle-member-bob')
  await until('the API server knows', () => can('bob', 'create', 'secrets'))
  t.notOk(await can('bob', 'get', 'secrets'))
  t.notOk(await can('bob', 'create', 'agentsecretgrants.kradle.a5c.ai'))
  await says(Team, 'core', 'Ready', 'UserMissing')
  t.match(await conditionOf(Team, 'core', 'MembersResolved'), {
    message: 'There is no User "nobody"',
  })
  await patch(Team, 'core', { spec: { maintainers: null } })
  await bound('bob', 'kradle-member-bob')
  await says(Team, 'core', 'Ready', 'MembersResolved')
  await until('the API server knows', async () => !(await can('bob', 'create', 'secrets')))
  await remove(Team, 'core')
  await bound('bob')
})

t.test('an accepted Invite makes what it says until it is revoked', async t => {
  await enrol('carol')
  await create(Invite, invite('carol', { spec: { role: 'admin' } }))
  await says(Invite, 'carol', 'Ready', 'AwaitingAcceptance')
  const { metadata, status } = (await client.get(Invite, 'carol', NAMESPACE))!
  t.equal(
    Date.parse(String(status?.expiresAt)) - Date.parse(String(metadata.creationTimestamp)),
    7 * 86_400_000,
  )
  t.strictSame(await bindingsOf('carol'), [])
  await patch(Invite, 'carol', { spec: { acceptedBy: 'carol' } })
  await bound('carol', 'kradle-admin-carol')
  await says(Invite, 'carol', 'Ready', 'Accepted')
  await patch(Invite, 'carol', { spec: { revoked: true } })
  await bound('carol')
})

t.test('an Invite ends at its time', async t => {
  const expiresAt = `${new Date(Date.now() + 4000).toISOString().slice(0, 19)}Z`
  await create(Invite, invite('late', { spec: { expiresAt } }))
  await says(Invite, 'late', 'Ready', 'Expired')
  t.match((await client.get(Invite, 'late', NAMESPACE))?.status, { phase: 'Expired', expiresAt })
})

t.test('whoever is suspended loses everything, and gets it back', async () => {
  await enrol('dan', { admin: true })
  await bound('dan', 'kradle-admin-dan')
  await patch(User, 'dan', { spec: { signInState: 'suspended' } })
  await bound('dan')
  await says(User, 'dan', 'Ready', 'Suspended')
  await patch(User, 'dan', { spec: { signInState: 'active' } })
  await bound('dan', 'kradle-admin-dan')
})

t.test('a User is nobody without a mapping, and all of its accounts with several', async () => {
  await create(User, user('erin', { spec: { admin: true } }))
  await says(User, 'erin', 'IdentityMapped', 'IdentityUnmapped')
  await says(User, 'erin', 'Ready', 'IdentityUnmapped')
  const account = (name: string) =>
    mapping(name, { spec: { user: 'erin', subject: `${name}@example.com` } })
  await create(IdentityMapping, account('erin-work'))
  await create(IdentityMapping, account('erin-home'))
  await bound('erin-work@example.com', 'kradle-admin-erin')
  await bound('erin-home@example.com', 'kradle-admin-erin')
  await remove(IdentityMapping, 'erin-home')
  await bound('erin-home@example.com')
  await bound('erin-work@example.com', 'kradle-admin-erin')
  await says(User, 'erin', 'Ready', 'Projected')
})

t.test('of two mappings of one account the older counts', async t => {
  await enrol('fay', { admin: true })
  await says(IdentityMapping, 'fay', 'Ready', 'Mapped')
  await bound('fay', 'kradle-admin-fay')
  // A second is what the API server tells ages apart by.
  const { creationTimestamp } = (await client.get(IdentityMapping, 'fay', NAMESPACE))!.metadata
  await until('a second has passed', async () => Date.now() > Date.parse(creationTimestamp!) + 1000)
  await create(User, user('aaron', { spec: { admin: true } }))
  await create(IdentityMapping, mapping('aaron', { spec: { subject: 'fay' } }))
  await says(IdentityMapping, 'aaron', 'Ready', 'SubjectTaken')
  await says(User, 'aaron', 'IdentityMapped', 'SubjectTaken')
  t.strictSame(await bindingsOf('fay'), ['kradle-admin-fay'])
  await remove(IdentityMapping, 'fay')
  await says(IdentityMapping, 'aaron', 'Ready', 'Mapped')
  await bound('fay', 'kradle-admin-aaron')
})

/** Writes subjects as only the controller's own account may; kubectl reads first what it patches, which that may not. */
const tamper = (binding: string, subjects: object[]) => {
  const as = ['--as', CONTROLLER, '--as-group=system:masters']
  return kubectl(
    ['patch', 'rolebinding', binding, '-n', NAMESPACE, ...as, '--type=merge'].concat(
      '-p',
      JSON.stringify({ subjects }),
    ),
  )
}
const subject = (name: string) => ({
  apiGroup: 'rbac.authorization.k8s.io',
  kind: 'User',
  name,
})

t.test('what a binding lacks is put back', async t => {
  await enrol('gus', { admin: true })
  await bound('gus', 'kradle-admin-gus')
  t.match(await tamper('kradle-admin-gus', []), { code: 0 })
  await bound('gus', 'kradle-admin-gus')
  await remove(RoleBinding, 'kradle-admin-gus')
  await bound('gus', 'kradle-admin-gus')
  t.match(await conditionOf(User, 'gus', 'Ready'), { status: 'True' })
})

t.test('what a binding has too much is reported and stays, until it is deleted', async t => {
  await enrol('hal', { admin: true })
  await bound('hal', 'kradle-admin-hal')
  t.match(await tamper('kradle-admin-hal', [subject('hal'), subject('mallory')]), { code: 0 })
  await says(User, 'hal', 'NativeBindingSynced', 'DriftEscalates')
  await says(User, 'hal', 'Ready', 'DriftEscalates')
  t.match(await conditionOf(User, 'hal', 'NativeBindingSynced'), {
    message: /User "mallory" in RoleBinding "kradle-admin-hal"/,
  })
  await patch(User, 'hal', { spec: { displayName: 'Hal' } })
  await until('it was looked at again', async () => {
    const hal = await client.get(User, 'hal', NAMESPACE)
    return hal?.status?.observedGeneration === hal?.metadata.generation
  })
  t.strictSame(await bindingsOf('mallory'), ['kradle-admin-hal'])
  await remove(RoleBinding, 'kradle-admin-hal')
  await bound('mallory')
  await bound('hal', 'kradle-admin-hal')
  await says(User, 'hal', 'Ready', 'Projected')
})

t.test('a RoleBinding of somebody else is left alone', async t => {
  const by = ['--clusterrole=view', '--user=somebody', '-n', NAMESPACE]
  t.match(await kubectl(['create', 'rolebinding', 'kradle-admin-ida', ...by]), { code: 0 })
  const before = await client.get(RoleBinding, 'kradle-admin-ida', NAMESPACE)
  await enrol('ida', { admin: true })
  await says(User, 'ida', 'NativeBindingSynced', 'NotOurs')
  t.strictSame(await client.get(RoleBinding, 'kradle-admin-ida', NAMESPACE), before)
  t.strictSame(await bindingsOf('ida'), [])
  await remove(RoleBinding, 'kradle-admin-ida')
  await patch(User, 'ida', { spec: { displayName: 'Ida' } })
  await bound('ida', 'kradle-admin-ida')
})

t.test('what the API server refuses to lend is an answer, and tried again', async t => {
  const role = 'kradle-identity-controller'
  const before = (await client.get(ClusterRole, role))!
  const rules = before.rules?.filter(
    ({ resourceNames }) => !resourceNames?.includes('kradle-admin'),
  )
  const mayBind = async () => {
    const question = ['auth', 'can-i', 'bind', 'clusterroles/kradle-admin', '--as', CONTROLLER]
    return (await kubectl(question)).stdout.trim() === 'yes'
  }
  t.match(await kubectl(['replace', '-f', '-'], { ...before, rules }), { code: 0 })
  await until('the API server knows', async () => !(await mayBind()))
  await enrol('kim', { admin: true })
  await says(User, 'kim', 'NativeBindingSynced', 'EscalationRefused')
  t.match(await conditionOf(User, 'kim', 'Ready'), { status: 'False' })
  t.strictSame(await bindingsOf('kim'), [])
  const { resourceVersion: _, ...metadata } = before.metadata
  t.match(await kubectl(['replace', '-f', '-'], { ...before, metadata }), { code: 0 })
  await until('the API server knows', mayBind)
  await patch(User, 'kim', { spec: { displayName: 'Kim' } })
  await bound('kim', 'kradle-admin-kim')
})

t.test('a User that goes takes his roles along', async () => {
  await enrol('jim', { admin: true })
  await bound('jim', 'kradle-admin-jim')
  await remove(User, 'jim')
  await bound('jim')
  await says(IdentityMapping, 'jim', 'Ready', 'UserMissing')
})

t.test('those who judge grants read in the namespaces of organisations alone', async t => {
  const webhook = `system:serviceaccount:${PLATFORM_NAMESPACE}:webhook`
  t.ok(await can(webhook, 'get', 'secrets'))
  t.notOk(await can(webhook, 'list', 'secrets'))
  t.notOk(await can(webhook, 'get', 'secrets', 'default'))
  await remove(RoleBinding, 'kradle-tenant-reader')
  await until('it is put back', () => can(webhook, 'get', 'secrets'))
  t.match(await tamper('kradle-tenant-reader', [subject('mallory')]), { code: 0 })
  await bound('mallory')
  await until('acme is Ready', async () => {
    const acme = await client.get(Organization, 'acme', PLATFORM_NAMESPACE)
    return acme?.status?.phase === 'Ready'
  })
})

t.test('an AuthProvider says whether its issuer is there and is itself', async t => {
  const document = (issuer: string) => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    jwks_uri: `${issuer}/keys`,
    note: 'not for anybody to see',
  })
  documents.set('/good/.well-known/openid-configuration', document(`${host}/good`))
  documents.set('/evil/.well-known/openid-configuration', document(`${host}/other`))
  documents.set('/odd/.well-known/openid-configuration', { note: 'not for anybody to see' })
  const at = (name: string, issuer = `${host}/${name}`) =>
    create(AuthProvider, authProvider(name, { spec: { issuer } }))
  await at('good')
  await at('evil')
  await at('odd')
  await at('gone')
  await at('dark', 'https://localhost:1')
  await says(AuthProvider, 'good', 'Ready', 'Discovered')
  await says(AuthProvider, 'evil', 'Discovered', 'IssuerMismatch')
  await says(AuthProvider, 'odd', 'Discovered', 'MalformedDocument')
  await says(AuthProvider, 'gone', 'Discovered', 'Unreachable')
  await says(AuthProvider, 'dark', 'Discovered', 'Unreachable')
  t.match(await client.get(AuthProvider, 'good', NAMESPACE), {
    status: { phase: 'Ready', issuer: `${host}/good` },
  })
  t.match(await conditionOf(AuthProvider, 'gone', 'Ready'), { message: /it answered 404/ })
  const { items } = await client.list(AuthProvider, { namespace: NAMESPACE })
  t.notMatch(JSON.stringify(items), 'not for anybody to see')
})
