import t from 'tap'
import { ConfigMap, Namespace, Pod } from '#src/api/core/v1.ts'
import { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { IdentityMapping, Team, User } from '#src/api/identity/v1alpha1.ts'
import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import {
  PolicyBinding,
  PolicyExceptionRequest,
  PolicyProfile,
  PolicyTemplate,
} from '#src/api/policy/v1alpha1.ts'
import { ClusterRole, RoleBinding } from '#src/api/rbac/v1.ts'
import { apiPath } from '#src/lib/api-path.ts'
import { persona, person, role, type Person } from '#test/support/people.ts'
import { createOrganization, running, until, withActivity } from '#test/support/running.ts'
import { second } from '#webhooks/time.ts'

// Ways out of a policy that somebody would try who has every right in the namespace of his organisation, so that nothing but
// admission stands between. The policies are the real Kyverno's. Each row has to be refused, by field, value and rule.

const { client, controlPlane, kubectl } = await running(t, {
  processes: withActivity,
  kyverno: true,
})
await Promise.all([createOrganization(client, 'acme'), createOrganization(client, 'globex')])
const namespace = 'kradle-org-acme'
const MERGE = 'application/merge-patch+json'
const inDays = (days: number) => second(new Date(Date.now() + days * 24 * 60 * 60 * 1000))

const people: Person[] = []
t.teardown(() => people.forEach(who => who.close()))
async function somebody(name: string, roles: readonly string[] = [], group?: string) {
  const who = await person(controlPlane, name, group)
  people.push(who)
  for (const each of roles) await client.create(RoleBinding, persona(name, each, namespace))
  return who
}

await client.create(
  ClusterRole,
  role('everything', { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }),
)
/** Everything in the namespace of acme: under two names, and by a program. */
const tina = await somebody('tina', ['everything'])
const home = await somebody('tina@home', ['everything'])
const program = `system:serviceaccount:${namespace}:default`
/** The personas. */
const bea = await somebody('bea', ['kradle-admin'])
const maria = await somebody('maria', ['kradle-maintainer'])
const admin = await person(controlPlane)
people.push(admin)
/** Those who may, with every right that RBAC has. */
const account = (name: string) =>
  somebody(`system:serviceaccount:kradle-system:${name}`, [], 'system:masters')
/** Nobody else binds accounts of organisations (R44): what is left for a program of tina's is more than it can come to. */
const grantsController = await account('grants-controller')
const bound = async (user: string): Promise<string> => {
  await grantsController.client.create(RoleBinding, persona(user, 'everything', namespace))
  return user
}
await bound(program)
const policyController = await account('policy-controller')
const scanController = await account('scan-controller')
const lookalike = await somebody(
  await bound(`system:serviceaccount:${namespace}:policy-controller`),
)
const kyverno = (name: string) =>
  somebody(`system:serviceaccount:kyverno:kyverno-${name}-controller`, [], 'system:masters')
const kyvernoAdmission = await kyverno('admission')
const kyvernoReports = await kyverno('reports')
const kyvernoCleanup = await kyverno('cleanup')
const collector = await somebody(
  'system:serviceaccount:kube-system:generic-garbage-collector',
  [],
  'system:masters',
)
const namespaceController = await somebody(
  'system:serviceaccount:kube-system:namespace-controller',
  [],
  'system:masters',
)

interface Asserts {
  pass(message: string): unknown
  fail(message: string): unknown
}

/** Each of these stands in the answer, in this order. */
function refused(t: Asserts, says: string, what: string, ...wanted: readonly string[]): void {
  let at = 0
  for (const part of wanted) {
    const found = says.indexOf(part, at)
    if (found < 0) return void t.fail(`${what}: "${part}" is missed in: ${says || 'it is done'}`)
    at = found + part.length
  }
  t.pass(`${what}: ${says}`)
}

// ---- what Kyverno goes by

const kyvernoKind = (group: string, version: string, kind: string, plural: string): Kind => ({
  group,
  version,
  kind,
  plural,
  namespaced: true,
})
const policyKind = (type: string) =>
  kyvernoKind(
    'policies.kyverno.io',
    'v1',
    `Namespaced${type}Policy`,
    `namespaced${type.toLowerCase()}policies`,
  )
const Validating = policyKind('Validating')
const Exception = kyvernoKind('policies.kyverno.io', 'v1', 'PolicyException', 'policyexceptions')
const OldException = kyvernoKind('kyverno.io', 'v2', 'PolicyException', 'policyexceptions')
const Report = kyvernoKind('wgpolicyk8s.io', 'v1alpha2', 'PolicyReport', 'policyreports')
const OpenReport = kyvernoKind('openreports.io', 'v1alpha1', 'Report', 'reports')
const Ephemeral = kyvernoKind('reports.kyverno.io', 'v1', 'EphemeralReport', 'ephemeralreports')

const onConfigMaps = {
  resourceRules: [
    {
      apiGroups: [''],
      apiVersions: ['v1'],
      operations: ['CREATE', 'UPDATE'],
      resources: ['configmaps'],
    },
  ],
}
const exempting = (policy: string) => ({
  policyRefs: [{ name: policy, kind: Validating.kind }],
  matchConditions: [{ name: 'all', expression: 'true' }],
})
const anyPod = { any: [{ resources: { kinds: ['Pod'] } }] }
const POLICY = 'kradle-acme-owned'

/** Every kind with a namespace that Kyverno and reports have, with what the schema wants of it, and the rule that guards it. */
const guarded: readonly (readonly [Kind, object, string])[] = [
  [Validating, { spec: { matchConstraints: onConfigMaps } }, 'R203'],
  [policyKind('Mutating'), { spec: { matchConstraints: onConfigMaps } }, 'R203'],
  [policyKind('Generating'), { spec: { generate: [{ expression: 'true' }] } }, 'R203'],
  [policyKind('ImageValidating'), { spec: { attestors: [], validations: [] } }, 'R203'],
  [policyKind('Deleting'), { spec: { schedule: '* * * * *', conditions: [] } }, 'R203'],
  [Exception, { spec: exempting(POLICY) }, 'R202'],
  [kyvernoKind('kyverno.io', 'v1', 'Policy', 'policies'), { spec: { rules: [] } }, 'R203'],
  [
    OldException,
    { spec: { exceptions: [{ policyName: POLICY, ruleNames: ['*'] }], match: anyPod } },
    'R202',
  ],
  [
    kyvernoKind('kyverno.io', 'v2', 'CleanupPolicy', 'cleanuppolicies'),
    { spec: { match: anyPod, schedule: '* * * * *' } },
    'R203',
  ],
  [
    kyvernoKind('kyverno.io', 'v2', 'UpdateRequest', 'updaterequests'),
    {
      spec: {
        context: {},
        deleteDownstream: false,
        policy: 'p',
        resource: {},
        rule: 'r',
        requestType: 'mutate',
      },
    },
    'R203',
  ],
  [Report, { summary: { pass: 1 } }, 'R204'],
  [OpenReport, { source: 'kyverno', summary: { pass: 1 } }, 'R204'],
  [Ephemeral, { spec: { owner: { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' } } }, 'R204'],
]

const objectOf = (kind: Kind, name: string, rest: object = {}, labels?: object): KubernetesObject =>
  ({
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { name, namespace, ...(labels && { labels }) },
    ...rest,
  }) as KubernetesObject
const MINE = { 'app.kubernetes.io/managed-by': 'kradle' }

/** What policy-controller makes of a binding, in short. */
const generated = objectOf(
  Validating,
  POLICY,
  {
    spec: {
      validationActions: ['Deny'],
      matchConstraints: onConfigMaps,
      matchConditions: [
        { name: 'judged', expression: "object.metadata.name.startsWith('owned-')" },
      ],
      validations: [
        {
          expression: "has(object.data) && 'owner' in object.data",
          message: 'data.owner: is missing',
        },
      ],
    },
  },
  { 'kradle.a5c.ai/org': 'acme', 'kradle.a5c.ai/policy-binding': 'owned', ...MINE },
)
const write = (who: Person, kind: Kind, body: object, space = namespace) =>
  who.send('POST', apiPath(kind, { namespace: space }), {
    ...body,
    metadata: { ...(body as KubernetesObject).metadata, namespace: space },
  })
const dry = (who: Person, method: string, kind: Kind, name: string, body?: object, sub = '') =>
  who.send(
    method,
    `${apiPath(kind, { namespace, name, ...(sub && { subresource: sub }) })}?dryRun=All`,
    body,
    method === 'PATCH' ? MERGE : undefined,
  )
const done = (says: string, what: string): void => {
  if (says !== '') throw new Error(`${what}: ${says}`)
}
done(await write(policyController, Validating, generated), 'the generated policy')
const configMap = (name: string): ConfigMap => ({
  ...objectOf(ConfigMap, name),
  data: { some: 'thing' },
})
await until('Kyverno refuses by it', async () =>
  (await tina.dryRun(ConfigMap, configMap('owned-probe'))).includes('data.owner: is missing'),
)

t.test(
  'every kind of Kyverno and of reports is guarded, for admins of the cluster too',
  async t => {
    const known = new Set(guarded.map(([{ group, plural }]) => `${group}/${plural}`))
    const groups = [
      'policies.kyverno.io',
      'kyverno.io',
      'wgpolicyk8s.io',
      'openreports.io',
      'reports.kyverno.io',
    ]
    for (const group of groups) {
      const { stdout } = await kubectl([
        'api-resources',
        '--api-group',
        group,
        '--namespaced',
        '-o',
        'name',
      ])
      const plurals = stdout
        .trim()
        .split('\n')
        .map(name => name.slice(0, -group.length - 1))
      t.ok(plurals.length > 0, group)
      for (const plural of plurals)
        t.ok(known.has(`${group}/${plural}`), `${group}/${plural} has a row`)
    }
    for (const [kind, rest, rule] of guarded)
      for (const who of [tina, lookalike, admin])
        refused(
          t,
          await who.dryRun(kind, objectOf(kind, 'own', rest)),
          `${who.name} creates ${kind.kind} of ${kind.group}`,
          `metadata.name: ${kind.kind} "own" is not for "${who === admin ? '' : who.name}`,
          'to create',
          rule,
        )
  },
)

t.test('nor has anybody an exception where Kyverno looks for one', async t => {
  for (const [kind, , rule] of guarded.filter(([{ plural }]) => plural === 'policyexceptions')) {
    const [, rest] = guarded.find(([each]) => each === kind)!
    const own = objectOf(kind, 'own', rest)
    own.metadata.namespace = 'kradle-system'
    refused(
      t,
      await admin.dryRun(kind, own),
      kind.group,
      'metadata.name: PolicyException "own"',
      rule,
    )
    t.match(await tina.dryRun(kind, own), /forbidden/, 'tina has no rights there')
  }
})

t.test('an exception from a namespace that nobody guards exempts nobody', async t => {
  const own = objectOf(Exception, 'foreign', { spec: exempting(POLICY) })
  done(await write(admin, Exception, own, 'default'), 'an exception in default')
  // Kyverno compiles policies anew when they change.
  const annotated = { metadata: { annotations: { 'kradle.a5c.ai/exceptions': 'anew' } } }
  const path = apiPath(Validating, { namespace, name: POLICY })
  done(await policyController.send('PATCH', path, annotated, MERGE), 'the annotation')
  const says = new Set<string>()
  for (const end = Date.now() + 5000; Date.now() < end;)
    says.add(await tina.dryRun(ConfigMap, configMap('owned-exempt')))
  t.match([...says], [/data\.owner: is missing/], 'the same for 5 s')
  t.equal(says.size, 1)
})

t.test('the generated policy is not for others', async t => {
  const rows: Record<string, [object, string]> = {
    'audit only': [{ spec: { validationActions: ['Audit'] } }, 'spec'],
    'another condition': [{ spec: { matchConditions: [] } }, 'spec'],
    'a label of its own': [
      { metadata: { labels: { 'kradle.a5c.ai/policy-binding': null } } },
      'metadata.labels',
    ],
    'any label': [{ metadata: { labels: { mine: 'yes' } } }, 'metadata.labels'],
    ttl: [{ metadata: { labels: { 'cleanup.kyverno.io/ttl': '1s' } } }, 'metadata.labels'],
    annotation: [
      { metadata: { annotations: { 'kradle.a5c.ai/exceptions': '' } } },
      'metadata.annotations',
    ],
    'an owner that is not there': [
      { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x', uid: 'x' }] } },
      'metadata.ownerReferences',
    ],
    finalizer: [{ metadata: { finalizers: ['mine.example.com/x'] } }, 'metadata.finalizers'],
  }
  for (const who of [tina, admin, kyvernoAdmission, scanController])
    for (const [what, [body, field]] of Object.entries(rows))
      refused(
        t,
        await dry(who, 'PATCH', Validating, POLICY, body),
        `${who.name}: ${what}`,
        `${field}: NamespacedValidatingPolicy "${POLICY}" is not for`,
        'to change: it is made of PolicyBinding "owned"',
        'R203',
      )
  for (const who of [tina, admin, kyvernoCleanup]) {
    const says = [`metadata.name: NamespacedValidatingPolicy "${POLICY}"`, 'to delete', 'R203']
    refused(t, await dry(who, 'DELETE', Validating, POLICY), `${who.name} deletes it`, ...says)
    const all = `${apiPath(Validating, { namespace })}?dryRun=All`
    refused(t, await who.send('DELETE', all), `${who.name} deletes all`, ...says)
  }
  const status = { status: { conditionStatus: { ready: false } } }
  for (const who of [tina, admin])
    refused(
      t,
      await dry(who, 'PATCH', Validating, POLICY, status, 'status'),
      `${who.name} writes its status`,
      `status: NamespacedValidatingPolicy "${POLICY}" is not for`,
      'R203',
    )
  t.equal(await dry(kyvernoAdmission, 'PATCH', Validating, POLICY, status, 'status'), '')
})

t.test('reports are not for others to forge, edit or delete', async t => {
  for (const kind of [Report, OpenReport]) {
    const rest = guarded.find(([each]) => each === kind)![1]
    const found = objectOf(kind, 'found', rest, MINE)
    done(await write(scanController, kind, found), 'what the scan found')
    const theirs = objectOf(kind, 'theirs', rest, { 'app.kubernetes.io/managed-by': 'kyverno' })
    done(await write(kyvernoReports, kind, theirs), 'what Kyverno found')
    const nobodys = { metadata: { labels: { 'app.kubernetes.io/managed-by': 'me' } } }
    for (const name of ['found', 'theirs']) {
      const rows: [Person, string, object | undefined, string][] = [
        ...[tina, admin, policyController].flatMap(
          (who): [Person, string, object | undefined, string][] => [
            [who, 'PATCH', { summary: { pass: 100 } }, 'summary'],
            [who, 'PATCH', nobodys, 'metadata.labels'],
            [who, 'DELETE', undefined, 'metadata.name'],
          ],
        ),
        // Each keeps to its own, and takes over nothing.
        [
          name === 'found' ? kyvernoReports : scanController,
          'PATCH',
          { summary: { pass: 9 } },
          'summary',
        ],
        [name === 'found' ? kyvernoReports : scanController, 'DELETE', undefined, 'metadata.name'],
      ]
      for (const [who, method, body, field] of rows)
        refused(
          t,
          await dry(who, method, kind, name, body),
          `${who.name}: ${method} ${field} of ${name}`,
          `${field}: ${kind.kind} "${name}" is not for`,
          'R204',
        )
    }
    refused(
      t,
      await dry(scanController, 'PATCH', kind, 'found', nobodys),
      'scan-controller takes its mark off',
      'metadata.labels',
      'R204',
    )
    for (const [who, name] of [
      [scanController, 'found'],
      [kyvernoReports, 'theirs'],
    ] as const) {
      t.equal(
        await dry(who, 'PATCH', kind, name, { summary: { pass: 2 } }),
        '',
        `${who.name} ${name}`,
      )
      t.equal(await dry(who, 'DELETE', kind, name), '', `${who.name} ${name}`)
    }
    const all = `${apiPath(kind, { namespace })}?dryRun=All`
    refused(t, await tina.send('DELETE', all), 'all of them', 'metadata.name', 'to delete', 'R204')
  }
})

t.test('no deletion hangs on it', async t => {
  // One that is there: the real collector is at work, too.
  const map = await client.create(ConfigMap, objectOf(ConfigMap, 'owner', {}))
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: map.metadata.uid! }
  const { spec } = generated as KubernetesObject & { spec?: object }
  const going = objectOf(Validating, 'kradle-acme-going', { spec })
  Object.assign(going.metadata, { ownerReferences: [owner], finalizers: ['example.com/held'] })
  done(await write(policyController, Validating, going), 'another policy')
  const { name } = going.metadata
  const patch = (who: Person, metadata: object) => dry(who, 'PATCH', Validating, name, { metadata })
  t.equal(await patch(collector, { ownerReferences: [] }), '', 'owners go with --cascade=orphan')
  t.match(
    await patch(collector, { ownerReferences: [{ ...owner, uid: 'y', name: 'y' }] }),
    /metadata\.ownerReferences.*R203/,
  )
  t.match(await patch(collector, { labels: { a: 'b' } }), /metadata\.labels.*R203/)
  for (const who of [collector, namespaceController])
    t.equal(await dry(who, 'DELETE', Validating, name), '', who.name)
  t.match(await patch(admin, { finalizers: [] }), /metadata\.finalizers.*R203/, 'it lives')
  const path = apiPath(Validating, { namespace, name })
  done(await policyController.send('DELETE', path), 'deleting it')
  t.match(await patch(admin, { finalizers: [], labels: { a: 'b' } }), /R203/)
  t.equal(await admin.send('PATCH', path, { metadata: { finalizers: [] } }, MERGE), '')
})

t.test('kinds without a namespace are not for a tenant, by RBAC', async t => {
  const cluster: [string, string][] = [
    ...['validating', 'mutating', 'generating', 'imagevalidating', 'deleting'].map(
      (type): [string, string] => ['policies.kyverno.io/v1', `${type}policies`],
    ),
    ['kyverno.io/v1', 'clusterpolicies'],
    ['kyverno.io/v2', 'clustercleanuppolicies'],
    ['kyverno.io/v2beta1', 'globalcontextentries'],
    ['wgpolicyk8s.io/v1alpha2', 'clusterpolicyreports'],
    ['openreports.io/v1alpha1', 'clusterreports'],
    ['reports.kyverno.io/v1', 'clusterephemeralreports'],
  ]
  for (const who of [tina, bea, maria])
    for (const [version, plural] of cluster) {
      t.match(await who.send('POST', `/apis/${version}/${plural}`, {}), /forbidden/, plural)
      t.match(await who.send('DELETE', `/apis/${version}/${plural}/x`), /forbidden/, plural)
    }
})

t.test('personas read what became of their bindings, and write none of it', async t => {
  for (const who of [bea, maria])
    for (const kind of [Validating, Report, OpenReport]) {
      const path = apiPath(kind, { namespace })
      t.equal(await who.send('GET', path), '', `${who.name} lists ${kind.plural}`)
      t.match(await who.send('POST', path, {}), /forbidden/)
      t.match(await who.send('DELETE', path), /forbidden/)
    }
})

// ---- exceptions

const create = <T extends KubernetesObject>(kind: Kind<T>, name: string, spec: object) =>
  client.create(kind, objectOf(kind, name, { spec }) as T)
for (const [name, subjects] of Object.entries({ tina: ['tina', 'tina@home'], bea: ['bea'] })) {
  await create(User, name, { displayName: name, email: `${name}@example.com` })
  for (const subject of subjects)
    await create(IdentityMapping, subject.replace('@', '-'), {
      user: name,
      provider: 'kubernetes',
      subject,
    })
}
await create(Team, 'core', { displayName: 'Core', members: ['bea'] })
await create(PolicyTemplate, 'owned', {
  displayName: 'ConfigMaps have an owner',
  targetKinds: ['ConfigMap'],
  kyverno: {
    type: 'Validating',
    spec: {
      matchConstraints: onConfigMaps,
      validations: [{ expression: "'owner' in object.data", message: 'data.owner: is missing' }],
    },
  },
})
const profiles: Record<string, object> = {
  open: {},
  strict: { allowed: false },
  listed: { approvers: [{ kind: 'team', name: 'core' }] },
}
for (const [name, exceptions] of Object.entries(profiles)) {
  await create(PolicyProfile, name, { displayName: name, mode: 'mixed', exceptions })
  await create(PolicyBinding, name, { templateRef: 'owned', mode: 'enforce', profileRef: name })
}

const asks = (name: string, change: object = {}) =>
  objectOf(PolicyExceptionRequest, name, {
    spec: {
      policyRef: 'open',
      justification: 'It has been so for ever.',
      riskAcceptance: 'Tina bears it.',
      expiresAt: inDays(7),
      resources: [{ kind: 'ConfigMap', name: 'owned-exempt' }],
      ...change,
    },
  })
const approves = (change: object = {}) => ({
  spec: { decision: 'Approved', reason: 'I need it.', ...change },
})
const decides = (who: Person, name: string, change: object = {}) =>
  dry(who, 'PATCH', PolicyExceptionRequest, name, approves(change))

await until('the webhook knows the bindings', async () => {
  const says = await tina.dryRun(PolicyExceptionRequest, asks('probe', { policyRef: 'listed' }))
  return says === '' && (await tina.dryRun(PolicyExceptionRequest, asks('probe'))) === ''
})

t.test('nobody asks for what there is not, nor in the name of others', async t => {
  const rows: Record<string, [object, ...string[]]> = {
    'in the name of another': [
      { requestedBy: 'bea' },
      'spec.requestedBy: "bea" is not who',
      'R202',
    ],
    decided: [
      { decision: 'Approved', reason: 'So it is.' },
      'spec.decision: "Approved" comes with the question',
      'R86',
    ],
    'decided by another': [
      { decision: 'Approved', reason: 'So it is.', decidedBy: 'bea' },
      'spec.decidedBy: "bea" is not who decides',
      'R88',
    ],
    'from nothing': [
      { policyRef: 'nothing' },
      'spec.policyRef: "nothing" is no PolicyBinding',
      'R202',
    ],
    'from what has none': [
      { policyRef: 'strict' },
      'spec.policyRef: "strict"',
      'allows no exceptions',
      'R202',
    ],
    'in the past': [
      { expiresAt: inDays(-1) },
      `spec.expiresAt: "${inDays(-1).slice(0, 10)}`,
      'R201',
    ],
    'for too long': [{ expiresAt: inDays(31) }, 'spec.expiresAt', 'more than 30 days', 'R201'],
    'at the risk of nobody': [
      { riskAcceptance: undefined },
      'spec.riskAcceptance: nobody bears',
      'R202',
    ],
    'for other kinds': [
      { resources: [{ kind: 'Secret', name: 'x' }] },
      'spec.resources[0].kind: "Secret" is no kind',
      'R202',
    ],
  }
  for (const [what, [change, ...says]] of Object.entries(rows))
    for (const who of [tina, admin])
      refused(t, await who.dryRun(PolicyExceptionRequest, asks('own', change)), what, ...says)
})

t.test('who asks stands in the request', async t => {
  done(await write(tina, PolicyExceptionRequest, asks('own')), 'tina asks')
  const { spec } = (await client.get(PolicyExceptionRequest, 'own', namespace))!
  t.match(spec, { requestedBy: 'tina' })
  t.notOk('decidedBy' in spec)
  const path = apiPath(PolicyExceptionRequest, { namespace, name: 'own' })
  for (const [field, value] of Object.entries({
    requestedBy: 'bea',
    expiresAt: inDays(8),
    resources: [{ kind: 'ConfigMap', name: 'owned-other' }],
    policyRef: 'listed',
    justification: 'x',
    riskAcceptance: 'bea',
  }))
    refused(
      t,
      await tina.send('PATCH', `${path}?dryRun=All`, { spec: { [field]: value } }, MERGE),
      `another ${field}`,
      `spec.${field}`,
      'R202',
    )
})

t.test('nobody approves what he asked for', async t => {
  const says = 'spec.decision: "Approved" is written by'
  refused(t, await decides(tina, 'own'), 'as himself', says, '"tina", who asks for it', 'R202')
  refused(t, await decides(home, 'own'), 'as another', says, 'the same User as "tina"', 'R202')
  refused(
    t,
    await decides(tina, 'own', { decision: 'Denied' }),
    'denies',
    'spec.decision: "Denied"',
    'R202',
  )
  refused(
    t,
    await decides(home, 'own', { decidedBy: 'bea' }),
    'as somebody else',
    'spec.decidedBy: "bea" is not who decides, "tina@home"',
    'R88',
  )
  refused(
    t,
    await decides(bea, 'own', { decidedBy: 'maria' }),
    'bea for maria',
    'spec.decidedBy: "maria"',
    'R88',
  )
  const applied = (who: Person) =>
    who.send(
      'PATCH',
      `${apiPath(PolicyExceptionRequest, { namespace, name: 'own' })}?dryRun=All&fieldManager=x&force=true`,
      { ...objectOf(PolicyExceptionRequest, 'own', approves()) },
      'application/apply-patch+yaml',
    )
  refused(t, await applied(tina), 'by apply', says, '"tina", who asks for it', 'R202')
  refused(
    t,
    await decides(maria, 'own'),
    'without the verb',
    'spec.decision',
    '"maria" has not',
    'R202',
  )
  const status = { status: { phase: 'Approved', decidedAt: inDays(0) } }
  refused(
    t,
    await dry(tina, 'PATCH', PolicyExceptionRequest, 'own', status, 'status'),
    'a status',
    'status: "tina" does not write the status of PolicyExceptionRequest "own"',
    'R20',
  )
  t.equal(await decides(bea, 'own'), '', 'somebody else does')
  t.equal(await decides(bea, 'own', { decision: 'Denied' }), '')
})

t.test('nor by a program of his', async t => {
  // Rights in one namespace reach to its accounts, and no further.
  const acting = (user: string, path: string, method: string, body: object, type?: string) =>
    tina.send(method, path, body, type, { 'impersonate-user': user })
  const path = `${apiPath(PolicyExceptionRequest, { namespace, name: 'own' })}?dryRun=All`
  const all = `${apiPath(PolicyExceptionRequest, { namespace })}?dryRun=All`
  refused(
    t,
    await acting('bea', path, 'PATCH', approves(), MERGE),
    'as bea',
    'cannot impersonate',
    'resource "users"',
  )
  refused(
    t,
    await acting(program, path, 'PATCH', approves(), MERGE),
    'as an account of his',
    'spec.decision: "Approved" is written by',
    'a program',
    'R202',
  )
  refused(
    t,
    await acting(program, all, 'POST', asks('by-program')),
    'asks by an account of his',
    `spec.requestedBy: "${program}" is a program`,
    'R202',
  )
  refused(
    t,
    await acting('system:serviceaccount:kradle-system:policy-controller', all, 'POST', asks('x')),
    'as a program of the platform',
    'cannot impersonate',
    'resource "serviceaccounts"',
  )
  const own = await somebody(program)
  refused(
    t,
    await decides(own, 'own'),
    'with its token',
    'spec.decision: "Approved"',
    'a program',
    'R202',
  )
})

t.test('only approvers approve, where they are listed', async t => {
  done(
    await write(maria, PolicyExceptionRequest, asks('listed', { policyRef: 'listed' })),
    'maria asks',
  )
  refused(
    t,
    await decides(tina, 'listed'),
    'tina, who has the verb',
    'spec.decision: "Approved" is written by "tina", who is none of the approvers',
    'R202',
  )
  refused(
    t,
    await decides(admin, 'listed'),
    'an admin of the cluster',
    'none of the approvers',
    'R202',
  )
  t.equal(await decides(bea, 'listed'), '')
})

t.test('what is decided stays, and what was asked with it', async t => {
  const path = apiPath(PolicyExceptionRequest, { namespace, name: 'own' })
  done(await bea.send('PATCH', path, approves(), MERGE), 'bea approves')
  const { spec } = (await client.get(PolicyExceptionRequest, 'own', namespace))!
  t.match(spec, { requestedBy: 'tina', decision: 'Approved', decidedBy: 'bea' })
  for (const [field, value] of Object.entries({
    decision: 'Denied',
    reason: 'Another.',
    decidedBy: 'maria',
    requestedBy: 'maria',
    expiresAt: inDays(20),
    resources: [],
    policyRef: 'listed',
    riskAcceptance: null,
  }))
    for (const who of [tina, bea, admin])
      refused(
        t,
        await who.send('PATCH', `${path}?dryRun=All`, { spec: { [field]: value } }, MERGE),
        `${who.name}: ${field}`,
        ['reason', 'decidedBy'].includes(field) ? 'spec.decision' : `spec.${field}`,
        'R202',
      )
  t.equal(await tina.send('DELETE', `${path}?dryRun=All`), '', 'an exception can be ended')
})

t.test('nobody approves too late, or what the profile no longer allows', async t => {
  const soon = second(new Date(Date.now() + 10_000))
  done(await write(maria, PolicyExceptionRequest, asks('late', { expiresAt: soon })), 'maria asks')
  done(await write(maria, PolicyExceptionRequest, asks('long')), 'maria asks')
  const profile = apiPath(PolicyProfile, { namespace, name: 'open' })
  done(
    await maria.send('PATCH', profile, { spec: { exceptions: { maxDurationDays: 2 } } }, MERGE),
    'profile',
  )
  await until('the shorter time holds', async () =>
    /spec\.expiresAt: .*more than 2 days.*R201/.test(await decides(bea, 'long')),
  )
  await until('it is too late', async () =>
    /spec\.decision: "Approved" comes after .*R201/.test(await decides(bea, 'late')),
  )
  t.pass('both refused')
})

t.test('no template has Kyverno use its rights', async t => {
  const owned = (await client.get(PolicyTemplate, 'owned', namespace))!
  const body = owned.spec.kyverno
  const field = 'spec.kyverno.spec.validations[0].expression'
  for (const expression of [
    'resource.Get("v1", "secrets", "kradle-system", "x").data != null',
    'resource.List("v1", "secrets", "kradle-system").items.size() > 0',
    'http.Get("http://169.254.169.254/").ok',
    'http.Post("https://mine.example.com", object).ok',
    'globalContext.Get("all", "") != null',
    'image("x").registry() == "x"',
  ]) {
    const spec = { ...(body.spec as object), validations: [{ expression, message: 'no' }] }
    const own = { ...owned.spec, kyverno: { ...body, spec } }
    for (const who of [tina, maria, admin])
      refused(
        t,
        await who.dryRun(PolicyTemplate, objectOf(PolicyTemplate, 'own', { spec: own })),
        expression,
        `${field}: `,
        'R203',
      )
    const says = await dry(tina, 'PATCH', PolicyTemplate, 'owned', { spec: own })
    refused(t, says, `${expression}, later`, `${field}: `, 'R203')
  }
})

t.test('no parameter becomes a part of an expression', async t => {
  const parameters = [{ name: 'least', type: 'integer', minimum: 1, default: 3 }]
  const { spec } = (await client.get(PolicyTemplate, 'owned', namespace))!
  await create(PolicyTemplate, 'sized', { ...spec, parameters })
  const bind = (values: object) =>
    tina.dryRun(
      PolicyBinding,
      objectOf(PolicyBinding, 'own', {
        spec: { templateRef: 'sized', mode: 'enforce', parameters: values },
      }),
    )
  await until('the webhook knows the template', async () => (await bind({ least: 4 })) === '')
  for (const value of ['1) || true || (1', '1', [1], { a: 1 }, true, 1.5, -1])
    refused(
      t,
      await bind({ least: value }),
      JSON.stringify(value),
      `spec.parameters.least: ${JSON.stringify(value)}`,
      'R205',
    )
  refused(t, await bind({ most: 1 }), 'one that is not declared', 'spec.parameters.most: 1', 'R205')
})

t.test('no request and no binding goes by a lifetime', async t => {
  const ttl = { metadata: { labels: { 'cleanup.kyverno.io/ttl': '1s' } } }
  for (const [kind, name] of [
    [PolicyExceptionRequest, 'own'],
    [PolicyBinding, 'strict'],
    [PolicyProfile, 'strict'],
    [PolicyTemplate, 'owned'],
  ] as const)
    for (const who of [tina, maria, admin])
      refused(
        t,
        await dry(who, 'PATCH', kind, name, ttl),
        `${who.name} ${kind.kind}`,
        `metadata.labels["cleanup.kyverno.io/ttl"]: "1s" would have ${kind.kind} "${name}" deleted`,
        'R42',
      )
})

// ---- targets

t.test('no object leaves a policy by being relabelled', async t => {
  const labels = {
    'kradle.a5c.ai/environment': 'production',
    'kradle.a5c.ai/trust-tier': 'trusted',
    'kradle.a5c.ai/repository': 'app',
  }
  const labelled = <T extends KubernetesObject>(kind: Kind<T>, name: string, rest: object) =>
    write(tina, kind, objectOf(kind, name, rest, labels))
  done(await labelled(ConfigMap, 'target', { data: {} }), 'a ConfigMap')
  done(await labelled(Team, 'target', { spec: { displayName: 'Target' } }), 'a Team')
  const pull = {
    repository: 'app',
    title: 'Retry',
    source: { ref: 'fix/retry' },
    target: { ref: 'main' },
  }
  done(await labelled(PullRequest, 'target', { spec: pull }), 'a pull request')
  const environment = { 'kradle.a5c.ai/environment': 'production' }
  const pod = { spec: { containers: [{ name: 'main', image: 'registry.example.com/x' }] } }
  done(await write(tina, Pod, objectOf(Pod, 'target', pod, environment)), 'a Pod')

  for (const who of [tina, admin])
    for (const kind of [ConfigMap, Team, PullRequest, Pod])
      for (const [key, old] of Object.entries(kind === Pod ? environment : labels))
        for (const value of ['other', null]) {
          if (kind === PullRequest && key.endsWith('repository')) continue
          const body = { metadata: { labels: { [key]: value } } }
          refused(
            t,
            await dry(who, 'PATCH', kind, 'target', body),
            `${who.name} ${kind.kind} ${key} ${value}`,
            `metadata.labels["${key}"]: "${value ?? ''}" cannot take the place of "${old}" on ${kind.kind} "target"`,
            'R200',
          )
        }
  const status = { metadata: { labels: { 'kradle.a5c.ai/environment': 'other' } } }
  refused(
    t,
    await dry(tina, 'PATCH', Pod, 'target', status, 'status'),
    'by pods/status',
    'metadata.labels["kradle.a5c.ai/environment"]: "other"',
    'R200',
  )
  t.equal(
    await dry(tina, 'PATCH', ConfigMap, 'target', { metadata: { labels: { any: 'other' } } }),
    '',
  )
  done(await write(tina, ConfigMap, objectOf(ConfigMap, 'bare')), 'a ConfigMap of nowhere')
  t.equal(await dry(tina, 'PATCH', ConfigMap, 'bare', { metadata: { labels } }), '', 'said later')
})

t.test('nor a namespace', async t => {
  const path = apiPath(Namespace, { name: namespace })
  for (const sub of ['', '/status', '/finalize']) {
    const { metadata, spec } = (await client.get(Namespace, namespace))! as KubernetesObject & {
      spec?: object
    }
    for (const value of ['globex', undefined]) {
      const labels = { ...metadata.labels, 'kradle.a5c.ai/org': value }
      refused(
        t,
        await tina.send('PUT', `${path}${sub}?dryRun=All`, {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { ...metadata, labels },
          spec,
        }),
        `${sub} ${value}`,
        `metadata.labels["kradle.a5c.ai/org"]: "${value ?? ''}" is not for "tina"`,
        'R29',
      )
    }
  }
})

interface Judged extends KubernetesObject {
  readonly status?: { readonly conditionStatus?: { readonly ready?: boolean } }
}

t.test('and Kyverno goes about its work', async t => {
  const fine = objectOf(ConfigMap, 'owned-fine', { data: { owner: 'tina' } })
  done(await write(tina, ConfigMap, fine), 'what the policy wants')
  await until('it says of the policy that it is ready', async () => {
    const found: Judged | undefined = await client.get(Validating, POLICY, namespace)
    return found?.status?.conditionStatus?.ready === true
  })
  await until(
    'it reports what is there',
    async () => {
      const { items } = await client.list(Report, { namespace })
      return items.some(
        ({ metadata }) =>
          metadata.labels?.['app.kubernetes.io/managed-by'] === 'kyverno' &&
          metadata.name !== 'theirs',
      )
    },
    120,
  )
  t.pass('status and reports are there')
})
