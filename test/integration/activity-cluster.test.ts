import { readFileSync } from 'node:fs'
import t from 'tap'
import { activityWriters } from '#hack/gen/activity-personas.ts'
import { Issue, PullRequest, Review } from '#src/api/activity/v1alpha1.ts'
import { ConfigMap } from '#src/api/core/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import { ACTIVITY_GROUP, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject, OwnerReference, UnknownObject } from '#src/api/object.ts'
import { ClusterRole, RoleBinding } from '#src/api/rbac/v1.ts'
import { apiPath } from '#src/lib/api-path.ts'
import { permissionsOf, roleTemplates } from '#src/permissions/role-templates.ts'
import { activityExamples, createExamples } from '#test/support/kubectl/examples.ts'
import { persona, person, role, type Person } from '#test/support/people.ts'
import {
  createOrganization,
  running,
  until,
  withActivity,
  type Said,
} from '#test/support/running.ts'

// What the rest of the cluster does with activity: the garbage collector, RBAC, admission policies, namespaces that go.

const NAMESPACE = 'kradle-org-acme'
const { client, controlPlane, kubectl } = await running(t, { processes: withActivity })
const here = (...args: string[]): Promise<Said> => kubectl([...args, '-n', NAMESPACE])
await createOrganization(client, 'acme')
await createExamples(client)

const all = activityExamples()
const refs = all.map(({ ref }) => ref)
const lines = (text: string): readonly string[] => text.split('\n').filter(line => line !== '')
const said = ({ code, stderr }: Said): string => (code === 0 ? '' : stderr || `exit code ${code}`)

/** The examples as they are now, in the order of the kinds. */
const objects = async (): Promise<readonly UnknownObject[]> => {
  const { stdout, stderr } = await here('get', ...refs, '-o', 'json')
  const { items } = JSON.parse(stdout || '{"items":[]}') as { items: UnknownObject[] }
  if (items.length !== refs.length) throw new Error(stderr)
  return items
}

const meta = (name: string, ownerReferences: readonly OwnerReference[] = []) => ({
  name,
  namespace: NAMESPACE,
  ...(ownerReferences.length > 0 && { ownerReferences }),
})
const own = (kind: Kind, name: string, spec: object, owners?: readonly OwnerReference[]) => ({
  apiVersion: `${kind.group}/${kind.version}`,
  kind: kind.kind,
  metadata: meta(name, owners),
  spec,
})
const issue = (name: string, owners?: readonly OwnerReference[]) =>
  own(Issue, name, { title: name, repositories: ['app'] }, owners) as unknown as Issue
const pullRequest = (name: string, owners?: readonly OwnerReference[]) =>
  own(
    PullRequest,
    name,
    { repository: 'app', title: name, source: { ref: name }, target: { ref: 'main' } },
    owners,
  ) as unknown as PullRequest
const configMap = (name: string, owners?: readonly OwnerReference[]) =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: meta(name, owners) }) as ConfigMap
const ownedBy = ({ apiVersion, kind, metadata }: KubernetesObject): readonly OwnerReference[] => [
  { apiVersion, kind, name: metadata.name, uid: metadata.uid!, blockOwnerDeletion: true },
]
const find = (kind: Kind, name: string) => client.get(kind, name, NAMESPACE)

/** A PullRequest with a ConfigMap and an Issue, and a ConfigMap with a PullRequest. */
async function makeOwners(cascade: string): Promise<void> {
  const [request, map] = await Promise.all([
    client.create(PullRequest, pullRequest(`owner-${cascade}`)),
    client.create(ConfigMap, configMap(`owner-${cascade}`)),
  ])
  const name = `owned-${cascade}`
  await Promise.all([
    client.create(ConfigMap, configMap(name, ownedBy(request))),
    client.create(Issue, issue(name, ownedBy(request))),
    client.create(PullRequest, pullRequest(name, ownedBy(map))),
  ])
}
const deleteOwners = (cascade: string): Promise<Said> =>
  here(
    'delete',
    `--cascade=${cascade}`,
    `pullrequests/owner-${cascade}`,
    `configmaps/owner-${cascade}`,
  )
const dependents = [ConfigMap, Issue, PullRequest] as const

t.test('the garbage collector goes from one store to the other, as --cascade says', async t => {
  await Promise.all(['background', 'foreground', 'orphan'].map(makeOwners))
  t.equal(said(await deleteOwners('background')), '')
  for (const kind of dependents)
    await until(
      `${kind.kind} owned-background is collected`,
      async () => !(await find(kind, 'owned-background')),
    )
  // By now the garbage collector knows of all of them: it lets go of those only that it has seen.
  for (const cascade of ['foreground', 'orphan'])
    t.equal(said(await deleteOwners(cascade)), '', cascade)
  for (const kind of dependents) {
    t.notOk(await find(kind, 'owned-foreground'), `${kind.kind} went before its owner`)
    const left = await find(kind, 'owned-orphan')
    t.ok(left, `${kind.kind} stays`)
    t.strictSame(left?.metadata.ownerReferences ?? [], [], `${kind.kind} is nobody's`)
  }
})

const READ = ['get', 'list', 'watch']
const ladder = ['viewer', 'member', 'maintainer', 'admin'] as const
const people = new Map<string, Person>()
const somebody = async (name: string): Promise<Person> => {
  const found = people.get(name) ?? (await person(controlPlane, name))
  people.set(name, found)
  return found
}
t.teardown(() => people.forEach(one => one.close()))
const MERGE = 'application/merge-patch+json'

t.test('personas read everything and write what is theirs', async t => {
  for (const rung of ladder)
    await client.create(RoleBinding, persona(`ann-${rung}`, `kradle-${rung}`, NAMESPACE))
  const may = new Map<string, string[]>(all.map(({ resource: { kind } }) => [kind.plural, READ]))
  const add = (plural: string, verbs: readonly string[]) =>
    may.set(plural, [...new Set([...may.get(plural)!, ...verbs])])
  // Everybody may ask what he may do himself; an admin for others, too.
  for (const plural of ['agentpermissionreviews', 'refupdatereviews']) may.set(plural, ['create'])
  for (const rung of ladder) {
    if (rung === 'admin') add('refupdatereviews', ['review'])
    for (const [plural, verbs] of Object.entries(activityWriters[rung as 'member'] ?? {}))
      add(plural, verbs)
    // An admin holds what he may lend to agents.
    if (rung === 'admin')
      for (const { group, resource, verb } of permissionsOf(Object.values(roleTemplates).flat()))
        if (group === ACTIVITY_GROUP) add(resource, [verb])
    const { stdout } = await here('auth', 'can-i', '--list', '--no-headers', `--as=ann-${rung}`)
    const told = new Map(
      [
        ...stdout.matchAll(/^(\S+?)\.activity\.kradle\.a5c\.ai(\/\S+)? +\[\] +\[\] +\[(.*)\]$/gm),
      ].map(([, plural, subresource = '', verbs]) => [plural + subresource, verbs!.split(' ')]),
    )
    const sorted = (rights: ReadonlyMap<string, readonly string[]>) =>
      [...rights].map(([what, verbs]) => `${what} ${verbs.toSorted().join()}`).toSorted()
    t.strictSame(sorted(told), sorted(may), rung)
  }
  const [viewer, member] = await Promise.all(['ann-viewer', 'ann-member'].map(somebody))
  const at = (kind: Kind, name?: string) =>
    apiPath(kind, { namespace: NAMESPACE, ...(name && { name }) })
  const dry = '?dryRun=All'
  for (const { resource, example } of all) {
    const { kind } = resource
    t.equal(await viewer!.send('GET', at(kind)), '', `the viewer lists ${kind.plural}`)
    for (const [method, path, body] of [
      ['POST', at(kind), { ...example, metadata: { name: 'by-viewer', namespace: NAMESPACE } }],
      ['PATCH', at(kind, example.metadata.name), { metadata: { labels: { by: 'viewer' } } }],
      ['DELETE', at(kind, example.metadata.name)],
      ['DELETE', at(kind)],
    ] as const)
      t.match(
        await viewer!.send(method, path + dry, body, method === 'PATCH' ? MERGE : undefined),
        `User "ann-viewer" cannot`,
        `${method} ${path}`,
      )
  }
  const review = own(Review, 'by-member', {
    pullRequest: 'app-42',
    decision: 'comment',
    body: 'Fine.',
  })
  for (const object of [issue('by-member'), pullRequest('by-member'), review]) {
    const kind = [Issue, PullRequest, Review].find(one => one.kind === object.kind)!
    t.equal(await member!.send('POST', at(kind), object), '', `a member creates a ${kind.kind}`)
    const labels = { metadata: { labels: { by: 'member' } } }
    t.equal(await member!.send('PATCH', at(kind, 'by-member'), labels, MERGE), '')
    t.match(await member!.send('DELETE', at(kind, 'by-member')), 'User "ann-member" cannot delete')
  }
})

t.test('nobody writes a status but the controller of the kind', async t => {
  const policy = readFileSync('charts/kradle/admission/status-writers.yaml', 'utf8')
  const account = (name: string) => `system:serviceaccount:${PLATFORM_NAMESPACE}:${name}`
  const writerOf = (plural: string) => new RegExp(`'${plural}': '([-a-z]+)'`).exec(policy)?.[1]
  const writers = new Set(all.map(({ resource }) => writerOf(resource.kind.plural)))
  writers.delete(undefined)
  writers.add('identity-controller')
  const resources = all.map(({ resource }) => `${resource.kind.plural}/status`)
  await client.create(
    ClusterRole,
    role('test-status', { apiGroups: [ACTIVITY_GROUP], resources, verbs: ['update', 'patch'] }),
  )
  const users = [...writers].map(name => `--user=${account(name!)}`)
  const bind = ['create', 'clusterrolebinding', 'test-status', '--clusterrole=test-status']
  t.equal(said(await kubectl([...bind, ...users])), '')
  const items = await objects()
  const root = await person(controlPlane)
  people.set('root', root)
  for (const [index, { resource, example }] of all.entries()) {
    const { kind } = resource
    const { name } = example.metadata
    const path = apiPath(kind, { namespace: NAMESPACE, name, subresource: 'status' })
    const status = { status: { observedGeneration: 1 } }
    const writer = writerOf(kind.plural)
    const refused = (who: string) =>
      `ValidatingAdmissionPolicy 'kradle-status-writers' with binding 'kradle-status-writers' denied request: status: "${who}" does not write the status of ${kind.kind} "${name}", ${writer === undefined ? 'nor does anybody yet' : `only "${account(writer)}" does`}; change spec and let the controller follow [R20]`
    t.match(await root.send('PATCH', path, status, MERGE), refused('kubernetes-admin'))
    t.match(
      await root.send(
        'PATCH',
        path,
        [{ op: 'add', path: '/status/observedGeneration', value: 1 }],
        'application/json-patch+json',
      ),
      refused('kubernetes-admin'),
    )
    t.match(
      await root.send('PUT', path, {
        ...items[index],
        status: { ...(items[index]!['status'] as object), ...status.status },
      }),
      refused('kubernetes-admin'),
    )
    t.match(
      await root.send(
        'PATCH',
        `${path}?fieldManager=root&force=true`,
        {
          apiVersion: example.apiVersion,
          kind: kind.kind,
          metadata: { name, namespace: NAMESPACE },
          ...status,
        },
        'application/apply-patch+yaml',
      ),
      refused('kubernetes-admin'),
    )
    const other = await somebody(account('identity-controller'))
    t.match(await other.send('PATCH', path, status, MERGE), refused(other.name))
    if (writer === undefined) continue
    const controller = await somebody(account(writer))
    t.equal(await controller.send('PATCH', path, status, MERGE), '', `${writer} writes it`)
  }
  const admin = await somebody('ann-admin')
  const path = apiPath(PullRequest, { namespace: NAMESPACE, name: 'app-42', subresource: 'status' })
  t.match(
    await admin.send('PATCH', path, { status: {} }, MERGE),
    'cannot patch resource "pullrequests/status"',
  )
  // What is sent as part of the object is not looked at, as for custom resources.
  const before = await objects()
  const forged = { status: { observedGeneration: 99, phase: 'Forged' } }
  t.match(await here('patch', ...refs, '--type=merge', '-p', JSON.stringify(forged)), { code: 0 })
  t.strictSame(
    (await objects()).map(({ status }) => status),
    before.map(({ status }) => status),
  )
})

t.test('an organisation goes with everything in it', async t => {
  const namespace = ['-n', 'kradle-org-acme']
  const { stdout } = await kubectl(['get', ...refs, '-o', 'name', ...namespace])
  t.equal(lines(stdout).length, all.length, 'one of every kind')
  const held = { metadata: { finalizers: ['example.com/hold'] } }
  const hold = (patch: object) =>
    kubectl(['patch', 'kpr/app-42', ...namespace, '--type=merge', '-p', JSON.stringify(patch)])
  t.equal(said(await hold(held)), '')
  const organization = ['organization', 'acme', '-n', PLATFORM_NAMESPACE]
  t.match(await kubectl(['delete', ...organization]), { code: 1, stderr: '[R31' })
  const confirm = 'kradle.a5c.ai/confirm-delete=acme'
  t.equal(said(await kubectl(['annotate', ...organization, confirm])), '')
  const deleting = kubectl(['delete', ...organization, '--timeout=60s'])
  await until('all but one are gone', async () => {
    const left = await kubectl(['get', ...refs, '-o', 'name', '--ignore-not-found', ...namespace])
    return left.stdout === `pullrequest.${ACTIVITY_GROUP}/app-42\n`
  })
  const refused = await kubectl(['create', '-f', '-'], {
    ...issue('late'),
    metadata: { name: 'late', namespace: 'kradle-org-acme' },
  })
  t.match(refused, { code: 1, stderr: /because it is being terminated/ })
  t.equal(said(await hold({ metadata: { finalizers: null } })), '')
  t.equal(said(await deleting), '')
  t.match(await kubectl(['get', 'namespace', 'kradle-org-acme']), { stderr: 'NotFound' })
})
