import t from 'tap'
import { Namespace } from '#src/api/core/v1.ts'
import { Organization, OrgNamespaceBinding, Team } from '#src/api/identity/v1alpha1.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { createOrganization, running, team, until } from '#test/support/running.ts'

// Everything here is what a cluster admin does with kubectl, as system:masters.
const { kubectl, client, kradle } = await running(t)
await createOrganization(client, 'acme')
await createOrganization(client, 'globex')

const KRADLE = 'kradle.a5c.ai/v1alpha1'
const organization = (name: string, spec: object = {}, namespace = PLATFORM_NAMESPACE) => ({
  apiVersion: KRADLE,
  kind: 'Organization',
  metadata: { name, namespace },
  spec: { displayName: name, namespaceName: `kradle-org-${name}`, ...spec },
})
const binding = (name: string, slug: string) => ({
  apiVersion: KRADLE,
  kind: 'OrgNamespaceBinding',
  metadata: { name, namespace: PLATFORM_NAMESPACE },
  spec: { organizationRef: slug, namespace: `kradle-org-${slug}` },
})
const bareTeam = (name: string, metadata: object = {}, spec: object = {}) => ({
  apiVersion: KRADLE,
  kind: 'Team',
  metadata: { name, namespace: 'kradle-org-acme', ...metadata },
  spec: { displayName: 'x', ...spec },
})
const long = 'a'.repeat(53)

t.test('an organisation gets its namespace, labels and binding', async t => {
  const namespace = await client.get(Namespace, 'kradle-org-acme')
  t.match(namespace?.metadata.labels, {
    'kradle.a5c.ai/org': 'acme',
    'app.kubernetes.io/managed-by': 'kradle',
    'app.kubernetes.io/part-of': 'kradle',
  })
  const bound = await client.get(OrgNamespaceBinding, 'acme', PLATFORM_NAMESPACE)
  t.match(bound?.spec, { organizationRef: 'acme', namespace: 'kradle-org-acme' })
  await until('the binding says Bound', async () => {
    const { stdout } = await kubectl(['get', 'orgnamespacebindings', '-n', PLATFORM_NAMESPACE])
    return /acme\s+acme\s+kradle-org-acme\s+Bound\s+True/.test(stdout)
  })
  const acme = await client.get(Organization, 'acme', PLATFORM_NAMESPACE)
  t.match(acme?.status, {
    phase: 'Ready',
    storage: 'etcd',
    observedGeneration: acme?.metadata.generation,
    conditions: [{ type: 'Ready', status: 'True', reason: 'NamespaceBound' }],
  })
})

/** Each line: what is sent, and what the answer has to name: field, value, rule and way out. */
const refused: Record<string, { args?: string[]; input?: object; says: RegExp[] }> = {
  'a Team in default, complete': {
    input: bareTeam('x', { namespace: 'default' }, { organizationRef: 'acme' }),
    says: [/metadata\.namespace: "default"/, /kradle-org-/, /R29/],
  },
  'a Team in default that leaves its organisation out': {
    input: bareTeam('x', { namespace: 'default' }),
    says: [/metadata\.namespace: "default"/, /use the namespace of your organisation/, /R29/],
  },
  'a Team whose organizationRef names another organisation': {
    input: bareTeam('x', {}, { organizationRef: 'globex' }),
    says: [/spec\.organizationRef: "globex"/, /leave it out or write "acme"/, /R28/],
  },
  'a Team whose label names another organisation': {
    input: bareTeam('x', { labels: { 'kradle.a5c.ai/org': 'globex' } }),
    says: [/metadata\.labels\["kradle\.a5c\.ai\/org"\]: "globex"/, /write "acme"/, /R28/],
  },
  'a member of another organisation': {
    input: bareTeam('x', {}, { members: ['globex/bob'] }),
    says: [/spec\.members\[0\]/, /"globex\/bob"/, /should match/],
  },
  'a second binding': {
    input: binding('acme-2', 'acme'),
    says: [/spec\.organizationRef/, /organisation "acme" has exactly one binding/, /R31/],
  },
  'a binding for nobody': {
    input: binding('ghost', 'ghost'),
    says: [
      /spec\.organizationRef: "ghost" names no Organization/,
      /create the Organization/,
      /R31/,
    ],
  },
  'an Organization in the namespace of an organisation': {
    input: organization('sub', {}, 'kradle-org-acme'),
    says: [/metadata\.namespace: "kradle-org-acme"/, /write "kradle-system"/, /R30/],
  },
  'a slug of 53 characters': {
    input: organization(long),
    says: [/spec\.namespaceName/, new RegExp(`kradle-org-${long}`), /at most 52/, /R11/],
  },
  'an Organization whose namespace is not its own': {
    input: organization('initech', { namespaceName: 'kradle-org-acme' }),
    says: [
      /spec\.namespaceName/,
      /"kradle-org-acme" is not the namespace/,
      /write\s+kradle-org-/,
      /R31/,
    ],
  },
  'a name that does not normalise': {
    input: bareTeam('a.b'),
    says: [/metadata\.name: "a\.b"/, /write "a-b"/, /R10/],
  },
  'a name that is no name': {
    input: bareTeam('Foo_Bar'),
    says: [/metadata\.name/, /"Foo_Bar"/, /lowercase RFC 1123/],
  },
  'a Team without what is required': {
    input: {
      apiVersion: KRADLE,
      kind: 'Team',
      metadata: { name: 'x', namespace: 'kradle-org-acme' },
    },
    says: [/spec\.displayName: Required value/],
  },
  'an empty required field': {
    input: bareTeam('x', {}, { displayName: '' }),
    says: [/spec\.displayName/, /at least 1 char/],
  },
  'an unknown kind of ours': {
    input: { apiVersion: KRADLE, kind: 'Gadget', metadata: { name: 'x' } },
    says: [/no matches for kind "Gadget"/],
  },
  'a changed immutable field of an Organization': {
    args: [
      'patch',
      'organization',
      'acme',
      '-n',
      PLATFORM_NAMESPACE,
      '--type=merge',
      '-p',
      '{"spec":{"namespaceName":"kradle-org-b"}}',
    ],
    says: [/spec\.namespaceName/, /fixed at its creation as "kradle-org-acme"/, /R39/],
  },
  'a changed immutable field of a binding': {
    args: [
      'patch',
      'orgnamespacebinding',
      'acme',
      '-n',
      PLATFORM_NAMESPACE,
      '--type=merge',
      '-p',
      '{"spec":{"namespace":"kradle-org-globex"}}',
    ],
    says: [/spec\.namespace/, /stays with namespace "kradle-org-acme"/, /R39/],
  },
  'a status patch by a user': {
    args: [
      'patch',
      'organization',
      'acme',
      '-n',
      PLATFORM_NAMESPACE,
      '--subresource=status',
      '--type=merge',
      '-p',
      '{"status":{"phase":"Hacked"}}',
    ],
    says: [
      /status: "[^"]+" does not write the status of Organization "acme"/,
      /change spec/,
      /R20/,
    ],
  },
  'a relabelled namespace of an organisation': {
    args: ['label', 'namespace', 'kradle-org-acme', '--overwrite', 'kradle.a5c.ai/org=globex'],
    says: [/metadata\.labels\["kradle\.a5c\.ai\/org"\]: "globex"/, /keep "acme"/, /R29/],
  },
  'the same through namespaces/status': {
    args: [
      'patch',
      'namespace',
      'kradle-org-acme',
      '--subresource=status',
      '--type=merge',
      '-p',
      '{"metadata":{"labels":{"kradle.a5c.ai/org":"globex"}}}',
    ],
    says: [/metadata\.labels\["kradle\.a5c\.ai\/org"\]: "globex"/, /keep "acme"/, /R29/],
  },
  'a namespace made by hand': {
    args: ['create', 'namespace', 'kradle-org-hooli'],
    says: [/metadata\.name: "kradle-org-hooli"/, /create Organization "hooli"/, /R29/],
  },
  'the deletion of an organisation that is not confirmed': {
    args: ['delete', 'organization', 'acme', '-n', PLATFORM_NAMESPACE],
    says: [
      /metadata\.annotations\[kradle\.a5c\.ai\/confirm-delete\]/,
      /run: kubectl annotate organization acme/,
      /R31/,
    ],
  },
}

t.test('refuses, naming field, value, rule and way out', async t => {
  for (const [what, { args, input, says }] of Object.entries(refused))
    t.test(what, async t => {
      const { code, stderr } = await kubectl(args ?? ['create', '-f', '-'], input)
      t.equal(code, 1)
      for (const text of says) t.match(stderr, text)
    })
})

t.test('refuses a relabelled namespace through namespaces/finalize', async t => {
  const namespace = await client.get(Namespace, 'kradle-org-acme')
  const relabelled = {
    ...namespace,
    metadata: { ...namespace?.metadata, labels: { 'kradle.a5c.ai/org': 'globex' } },
  }
  const { code, stderr } = await kubectl(
    ['replace', '--raw', '/api/v1/namespaces/kradle-org-acme/finalize', '-f', '-'],
    relabelled,
  )
  t.equal(code, 1)
  t.match(stderr, /metadata\.labels\["kradle\.a5c\.ai\/org"\]: "globex".*R29/)
})

t.test('an object that leaves its organisation out reads back with it', async t => {
  const variants = {
    plain: ['create', '-f', '-'],
    applied: ['apply', '-f', '-'],
    ssa: ['apply', '--server-side', '-f', '-'],
  }
  for (const [name, args] of Object.entries(variants)) {
    t.match(await kubectl(args, bareTeam(name)), { code: 0 })
    const stored = await client.get(Team, name, 'kradle-org-acme')
    t.equal(stored?.spec.organizationRef, 'acme')
    t.equal(stored?.metadata.labels?.['kradle.a5c.ai/org'], 'acme')
    t.match(
      await kubectl(
        args[0] === 'create' ? ['get', 'team', name, '-n', 'kradle-org-acme'] : args,
        bareTeam(name),
      ),
      { code: 0 },
      'and once more',
    )
  }
  const { stdout } = await kubectl(['get', 'teams', '-n', 'kradle-org-acme'])
  t.match(stdout, /NAME\s+ORG\s+DISPLAY\s+PHASE\s+READY\s+AGE/)
  t.match(stdout, /plain\s+acme\s+x/)
})

t.test('generateName is not judged as a name', async t => {
  const input = bareTeam('', { name: undefined, generateName: 'my.team-' })
  const { code, stdout } = await kubectl(['create', '-f', '-', '-o', 'name'], input)
  t.equal(code, 0)
  t.match(stdout, /^team\.kradle\.a5c\.ai\/my\.team-/)
})

t.test('--dry-run=server judges and stores nothing', async t => {
  t.match(await kubectl(['create', '--dry-run=server', '-f', '-'], bareTeam('dry')), { code: 0 })
  t.equal(await client.get(Team, 'dry', 'kradle-org-acme'), undefined)
  const foreign = bareTeam('dry', {}, { organizationRef: 'globex' })
  t.match(await kubectl(['create', '--dry-run=server', '-f', '-'], foreign), {
    code: 1,
    stderr: /R28/,
  })
  t.match(await kubectl(['create', '--dry-run=server', '-f', '-'], binding('ghost', 'ghost')), {
    code: 1,
    stderr: /R31/,
  })
})

t.test('updates go by the same rules', async t => {
  await client.create(Team, team('updated'))
  const patch = (json: object) =>
    kubectl([
      'patch',
      'team',
      'updated',
      '-n',
      'kradle-org-acme',
      '--type=merge',
      '-p',
      JSON.stringify(json),
    ])
  t.match(await patch({ spec: { displayName: 'new' } }), { code: 0 })
  t.match(await patch({ spec: { organizationRef: 'globex' } }), { code: 1, stderr: /R39/ })
  t.match(await patch({ metadata: { labels: { 'kradle.a5c.ai/org': 'globex' } } }), {
    code: 1,
    stderr: /R28/,
  })
  t.match(await patch({ metadata: { labels: { 'kradle.a5c.ai/org': null } } }), { code: 0 })
  const stored = await client.get(Team, 'updated', 'kradle-org-acme')
  t.equal(
    stored?.metadata.labels?.['kradle.a5c.ai/org'],
    'acme',
    'a label taken away is filled in again',
  )
  t.match(await patch({ metadata: { labels: { app: 'x' }, finalizers: ['example.com/x'] } }), {
    code: 0,
  })
  t.match(await patch({ metadata: { finalizers: null } }), { code: 0 })
})

t.test('a part that is missing is made again', async t => {
  // One that has not held the organisation itself asks first whether it is held, by its own rights.
  await kradle.kill('identity-controller', 'SIGTERM')
  await kradle.restart('identity-controller')
  const { stderr, code } = await kubectl([
    'delete',
    'orgnamespacebinding',
    'globex',
    '-n',
    PLATFORM_NAMESPACE,
  ])
  t.equal(code, 0)
  t.match(stderr, /Warning: organization "globex" still exists/)
  await until('the binding is back', () =>
    client.get(OrgNamespaceBinding, 'globex', PLATFORM_NAMESPACE),
  )

  await client.create(Team, team('lost', 'globex'))
  t.match(await kubectl(['delete', 'namespace', 'kradle-org-globex', '--timeout=60s']), { code: 0 })
  await until('the organisation is Ready in a new namespace', async () => {
    const found = await client.get(Organization, 'globex', PLATFORM_NAMESPACE)
    const namespace = await client.get(Namespace, 'kradle-org-globex')
    return namespace?.status?.phase === 'Active' && found?.status?.phase === 'Ready'
  })
  t.equal(await client.get(Team, 'lost', 'kradle-org-globex'), undefined)
  await until('it takes objects again', () =>
    client.create(Team, team('found', 'globex')).then(
      () => true,
      () => false,
    ),
  )
})

t.test('events tell what happened to an organisation', async t => {
  await until('there is an event', async () => {
    const { stdout } = await kubectl(['describe', 'organization', 'acme', '-n', PLATFORM_NAMESPACE])
    return /NamespaceBound/.test(stdout.slice(stdout.indexOf('Events:')))
  })
  t.pass()
})

t.test('a confirmed deletion takes binding, namespace and organisation, in that order', async t => {
  await createOrganization(client, 'umbrella')
  await client.create(Team, team('core', 'umbrella'))
  await kubectl([
    'annotate',
    'organization',
    'umbrella',
    '-n',
    PLATFORM_NAMESPACE,
    'kradle.a5c.ai/confirm-delete=umbrella',
  ])
  const { code, stderr } = await kubectl([
    'delete',
    'organization',
    'umbrella',
    '-n',
    PLATFORM_NAMESPACE,
    '--timeout=60s',
  ])
  t.equal(code, 0)
  t.match(
    stderr,
    /Warning: organization "umbrella": its namespace "kradle-org-umbrella" and everything in it is deleted too/,
  )
  t.equal(await client.get(Namespace, 'kradle-org-umbrella'), undefined)
  t.equal(await client.get(OrgNamespaceBinding, 'umbrella', PLATFORM_NAMESPACE), undefined)
})

t.test('a namespace of somebody else is taken over only when it is empty', async t => {
  // Made before Kradle was there, so to speak: the guard has to be lifted for it.
  const guard = 'validatingadmissionpolicybinding/kradle-namespaces'
  const create = async (name: string) => {
    await until('the guard is off', async () => {
      await kubectl(['delete', guard, '--ignore-not-found'])
      return (await kubectl(['create', 'namespace', name])).code === 0
    })
  }
  await kradle.kill('admission-controller', 'SIGTERM')
  await create('kradle-org-full')
  await create('kradle-org-empty')
  await kubectl([
    'create',
    'rolebinding',
    'squatter',
    '--clusterrole=admin',
    '--user=eve',
    '-n',
    'kradle-org-full',
  ])
  await kradle.restart('admission-controller')

  await createOrganization(client, 'empty')
  t.match(await client.get(Namespace, 'kradle-org-empty'), {
    metadata: { labels: { 'kradle.a5c.ai/org': 'empty' } },
  })

  await kubectl(['create', '-f', '-'], organization('full'))
  const condition = async () =>
    (await client.get(Organization, 'full', PLATFORM_NAMESPACE))?.status?.conditions?.[0]
  await until(
    'it says what is in the way',
    async () => (await condition())?.reason === 'NamespaceNotOurs',
  )
  t.match(await condition(), {
    status: 'False',
    message:
      /"kradle-org-full" was made by somebody else and holds 1 RoleBinding; empty or delete it/,
  })
  const untouched = await client.get(Namespace, 'kradle-org-full')
  t.equal(untouched?.metadata.labels?.['kradle.a5c.ai/org'], undefined)

  await kubectl(['delete', 'rolebinding', 'squatter', '-n', 'kradle-org-full'])
  await until('it takes the namespace over', async () => (await condition())?.status === 'True', 60)
})
